//! zune-jpeg as an independent decoder.

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The pixels, by a strict decoder that tolerates no damage.
pub(crate) fn decode_strictly(jpeg: &[u8]) -> Result<Vec<u8>, DecodeErrors> {
    let options = DecoderOptions::default().set_strict_mode(true);
    JpegDecoder::new_with_options(ZCursor::new(jpeg), options).decode()
}

/// The pixels, by a decoder that tolerates what does not prevent decoding.
pub(crate) fn decode(jpeg: &[u8]) -> Result<Vec<u8>, DecodeErrors> {
    JpegDecoder::new(ZCursor::new(jpeg)).decode()
}
