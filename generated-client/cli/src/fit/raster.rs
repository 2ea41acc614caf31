//! Decoded pixels.

/// The pixels of a picture, row by row, as stored samples.
pub(super) struct Raster {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Channels,
    pub(super) samples: Samples,
}

/// The channels of each pixel. Alpha is not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    Grey,
    GreyAlpha,
    Rgb,
    RgbAlpha,
}

impl Channels {
    pub(super) fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::RgbAlpha)
    }

    pub(super) fn is_grey(self) -> bool {
        matches!(self, Self::Grey | Self::GreyAlpha)
    }
}

/// Samples of either depth.
pub(super) enum Samples {
    Eight(Vec<u8>),
    Sixteen(Vec<u16>),
}

impl Raster {
    /// Whether any pixel is not opaque.
    pub(super) fn is_transparent(&self) -> bool {
        fn any<T: PartialEq>(samples: &[T], channels: usize, opaque: &T) -> bool {
            samples.iter().skip(channels - 1).step_by(channels).any(|alpha| alpha != opaque)
        }
        let channels = if self.channels.is_grey() { 2 } else { 4 };
        self.channels.has_alpha()
            && match &self.samples {
                Samples::Eight(samples) => any(samples, channels, &u8::MAX),
                Samples::Sixteen(samples) => any(samples, channels, &u16::MAX),
            }
    }
}
