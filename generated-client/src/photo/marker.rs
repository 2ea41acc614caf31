//! Marker codes: the second byte of a marker, after `FF` (ITU-T T.81, table B.1).

pub(super) const TEM: u8 = 0x01; // temporary use in arithmetic coding
pub(super) const LAST_RESERVED: u8 = 0xBF; // of those from 02 on
pub(super) const SOF0: u8 = 0xC0; // start of frame: baseline
pub(super) const SOF1: u8 = 0xC1; // extended sequential
pub(super) const SOF2: u8 = 0xC2; // progressive
pub(super) const SOF3: u8 = 0xC3; // lossless
pub(super) const DHT: u8 = 0xC4; // define Huffman tables
pub(super) const SOF5: u8 = 0xC5; // hierarchical, to SOF7
pub(super) const SOF7: u8 = 0xC7;
pub(super) const SOF9: u8 = 0xC9; // arithmetic coding, to SOF11
pub(super) const SOF11: u8 = 0xCB;
pub(super) const DAC: u8 = 0xCC; // define arithmetic coding conditioning
pub(super) const SOF13: u8 = 0xCD; // hierarchical, arithmetic coding, to SOF15
pub(super) const SOF15: u8 = 0xCF;
pub(super) const RST0: u8 = 0xD0; // restart markers, to RST7
pub(super) const RST7: u8 = 0xD7;
pub(super) const SOI: u8 = 0xD8; // start of image
pub(super) const EOI: u8 = 0xD9; // end of image
pub(super) const SOS: u8 = 0xDA; // start of scan
pub(super) const DQT: u8 = 0xDB; // define quantisation tables
pub(super) const DNL: u8 = 0xDC; // define number of lines
pub(super) const DRI: u8 = 0xDD; // define restart interval
pub(super) const DHP: u8 = 0xDE; // define hierarchical progression
pub(super) const EXP: u8 = 0xDF; // expand reference components, hierarchical
pub(super) const APP0: u8 = 0xE0; // JFIF
pub(super) const APP1: u8 = 0xE1; // EXIF, XMP
pub(super) const APP2: u8 = 0xE2; // ICC profile, multi-picture index
pub(super) const APP13: u8 = 0xED; // Photoshop's image resources, with IPTC
pub(super) const APP14: u8 = 0xEE; // Adobe's colour transform
pub(super) const APP15: u8 = 0xEF;
pub(super) const SOF55: u8 = 0xF7; // start of frame of JPEG-LS (ITU-T T.87)
pub(super) const COM: u8 = 0xFE; // comment

/// Whether a marker has no segment (T.81, B.1.1.3). The segments of reserved codes are unknown.
pub(super) const fn stands_alone(marker: u8) -> bool {
    matches!(marker, TEM..=LAST_RESERVED | RST0..=RST7 | SOI | EOI)
}
