//! Tells whether bytes are an image, and how large it is.

use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, options::DecoderOptions},
};

/// Whether `bytes` are an image of `media_type`.
///
/// A decoder that shares nothing with the client judges a JPEG. For any other media type,
/// it is enough that there are bytes.
pub(crate) fn is_image(media_type: &str, bytes: &[u8]) -> bool {
    if media_type.eq_ignore_ascii_case("image/jpeg") {
        dimensions(bytes).is_some()
    } else {
        !bytes.is_empty()
    }
}

/// Width and height of a JPEG in pixels.
pub(crate) fn dimensions(bytes: &[u8]) -> Option<(usize, usize)> {
    // The largest picture that JPEG can describe, rather than the decoder's own
    // idea of a sensible one.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    decoder.dimensions()
}
