//! What the reader of tables takes of the program's arguments.

pub(crate) mod sync {
    /// The program's type of this name has more fields, of which the reader uses these. It
    /// would bring clap.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct ReadingArgs {
        pub(crate) target_column: Option<String>,
        pub(crate) file_column: Option<String>,
    }
}
