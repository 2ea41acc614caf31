//! Marker codes: the second byte of a marker, after `FF` (ITU-T T.81, table B.1).

/// Temporary private use in arithmetic coding; stands alone, carries nothing.
pub(crate) const TEM: u8 = 0x01;
/// Start of frame, baseline sequential.
pub(crate) const SOF0: u8 = 0xC0;
/// Start of frame, extended sequential, Huffman coding.
pub(crate) const SOF1: u8 = 0xC1;
/// Start of frame, progressive, Huffman coding.
pub(crate) const SOF2: u8 = 0xC2;
/// Start of frame, lossless, Huffman coding.
pub(crate) const SOF3: u8 = 0xC3;
/// Define Huffman tables.
pub(crate) const DHT: u8 = 0xC4;
/// Start of frame, differential sequential, Huffman coding (hierarchical).
pub(crate) const SOF5: u8 = 0xC5;
/// Start of frame, differential lossless, Huffman coding (hierarchical).
pub(crate) const SOF7: u8 = 0xC7;
/// Start of frame, extended sequential, arithmetic coding.
pub(crate) const SOF9: u8 = 0xC9;
/// Start of frame, lossless, arithmetic coding.
pub(crate) const SOF11: u8 = 0xCB;
/// Define arithmetic coding conditioning.
pub(crate) const DAC: u8 = 0xCC;
/// Start of frame, differential sequential, arithmetic coding (hierarchical).
pub(crate) const SOF13: u8 = 0xCD;
/// Start of frame, differential lossless, arithmetic coding (hierarchical).
pub(crate) const SOF15: u8 = 0xCF;
/// The first restart marker; they stand alone.
pub(crate) const RST0: u8 = 0xD0;
/// The last restart marker.
pub(crate) const RST7: u8 = 0xD7;
/// Start of image; stands alone.
pub(crate) const SOI: u8 = 0xD8;
/// End of image; stands alone.
pub(crate) const EOI: u8 = 0xD9;
/// Start of scan.
pub(crate) const SOS: u8 = 0xDA;
/// Define quantisation tables.
pub(crate) const DQT: u8 = 0xDB;
/// Define number of lines.
pub(crate) const DNL: u8 = 0xDC;
/// Define restart interval.
pub(crate) const DRI: u8 = 0xDD;
/// Define hierarchical progression.
pub(crate) const DHP: u8 = 0xDE;
/// Expand reference components (hierarchical).
pub(crate) const EXP: u8 = 0xDF;
/// Application segment 0: JFIF.
pub(crate) const APP0: u8 = 0xE0;
/// Application segment 1: EXIF and XMP.
pub(crate) const APP1: u8 = 0xE1;
/// Application segment 2: ICC profile, multi-picture index.
pub(crate) const APP2: u8 = 0xE2;
/// Application segment 13: Photoshop's image resources, IPTC among them.
pub(crate) const APP13: u8 = 0xED;
/// Application segment 14: Adobe's colour transform.
pub(crate) const APP14: u8 = 0xEE;
/// The last application segment.
pub(crate) const APP15: u8 = 0xEF;
/// Start of frame of JPEG-LS, a different format (ITU-T T.87).
pub(crate) const SOF55: u8 = 0xF7;
/// Comment.
pub(crate) const COM: u8 = 0xFE;

/// The last of the codes from 02 on that are reserved and mean nothing.
pub(crate) const LAST_RESERVED: u8 = 0xBF;

/// Whether a marker has no segment after it (T.81, B.1.1.3).
///
/// The reserved codes have no known form, so nothing is read after them.
pub(crate) const fn stands_alone(marker: u8) -> bool {
    matches!(marker, TEM..=LAST_RESERVED | RST0..=RST7 | SOI | EOI)
}
