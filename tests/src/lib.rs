//! The examples of the repository's README, compiled as documentation tests: here, since
//! no published package has that file.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
