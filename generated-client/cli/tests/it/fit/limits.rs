//! Sides and bytes, and what is left as it is.

use image::{ImageFormat, Rgb, RgbImage};

use super::{Folder, encoded, jpeg, noise, plain};

const EXIF: &[u8] = include_bytes!("../../../../../tests/fixtures/exif.jpg");
const XMP_GPS: &[u8] = include_bytes!("../../../../../tests/fixtures/xmp-gps.jpg");

/// A size, the options, and the size that comes out.
type Case = ((u32, u32), &'static [&'static str], (u32, u32));

#[test]
fn sides_are_never_longer_than_told_and_never_enlarged() {
    let cases: [Case; 9] = [
        ((1000, 500), &[], (648, 324)),
        ((500, 1000), &[], (324, 648)),
        ((648, 100), &[], (648, 100)),
        ((100, 60), &[], (100, 60)),
        ((100, 60), &["--max-side", "50"], (50, 30)),
        ((1000, 500), &["--crop", "square"], (500, 500)),
        ((1000, 700), &["--crop", "square"], (648, 648)),
        ((101, 60), &["--crop", "square", "--max-side", "48"], (48, 48)),
        ((3000, 2), &["--max-side", "100"], (100, 1)),
    ];
    for ((width, height), options, expected) in cases {
        let bytes = encoded(&plain(width, height, [90; 3]).into(), ImageFormat::Png);
        let fixed = Folder::new("sides").with("a.png", bytes).fix("a.png", options);
        assert_eq!(fixed.size(), expected, "{width}x{height} {options:?}");
        let is_square = expected.0 == expected.1;
        assert_eq!(fixed.notes().contains("Teams"), !is_square, "{}", fixed.notes());
    }
}

#[test]
fn a_square_is_cut_from_the_centre() {
    let image = RgbImage::from_fn(300, 100, |x, _| {
        Rgb(if (100..200).contains(&x) { [0, 200, 0] } else { [200, 0, 0] })
    });
    let bytes = encoded(&image.into(), ImageFormat::Png);
    let fixed = Folder::new("centre").with("a.png", bytes).fix("a.png", &["--crop", "square"]);
    for (x, y) in [(3, 3), (96, 50), (50, 96)] {
        super::assert_near(fixed.rgb().get_pixel(x, y).0, [0, 200, 0], "the middle");
    }
    assert!(fixed.changes().contains("square"));
}

#[test]
fn quality_goes_down_before_sides_do() {
    let bytes = encoded(&noise(200, 200).into(), ImageFormat::Png);
    let folder = Folder::new("bytes").with("a.png", bytes);
    let fix = |size| folder.fix("a.png", &["--max-bytes", size]);
    let (best, lower, smaller) = (fix("500000"), fix("30KB"), fix("5000"));
    assert_eq!(best.size(), (200, 200));
    assert_eq!(best.changes(), "[]");
    assert_eq!(lower.size(), (200, 200));
    assert!(lower.changes().contains("quality"), "{}", lower.changes());
    assert!(lower.bytes.len() <= 30_000 && lower.bytes.len() > 10_000, "{}", lower.bytes.len());
    assert!(smaller.size() < (150, 150) && smaller.size() >= (48, 48), "{:?}", smaller.size());
    assert!(smaller.bytes.len() <= 5_000, "{}", smaller.bytes.len());
    let bytes = encoded(&noise(48, 48).into(), ImageFormat::Png);
    let smallest = Folder::new("least").with("a.png", bytes);
    let reason = smallest.fix("a.png", &["--max-bytes", "1000"]).reason();
    assert!(reason.contains("48x48") && reason.contains("--max-bytes"), "{reason}");
}

#[test]
fn a_photo_that_fits_is_not_touched() {
    let photos = [
        jpeg(&plain(648, 648, [90; 3]), |encoder| encoder.set_progressive(true)),
        jpeg(&noise(100, 60), |_| ()),
        include_bytes!("../../../../../tests/fixtures/grey.jpg").to_vec(),
    ];
    for photo in photos {
        let fixed = Folder::new("untouched").with("a.jpg", &photo).fix("a.jpg", &[]);
        assert!(fixed.bytes == photo, "{:#}", fixed.json);
        assert_eq!(fixed.json["untouched"], true);
        assert_eq!(fixed.changes(), "[]");
    }
}

#[test]
fn a_photo_that_exceeds_a_limit_is_touched() {
    let photo = jpeg(&noise(100, 60), |_| ());
    let size = (photo.len() - 1).to_string();
    let options: [&[&str]; 3] =
        [&["--max-side", "99"], &["--crop", "square"], &["--max-bytes", &size]];
    for options in options {
        let fixed = Folder::new("touched").with("a.jpg", &photo).fix("a.jpg", options);
        assert_eq!(fixed.json["untouched"], false, "{options:?}");
        assert!(fixed.bytes.len() < photo.len(), "{options:?}");
    }
}

/// The pixels need no second encoding to lose what stands beside them.
#[test]
fn a_position_is_removed_and_pixels_stay() {
    let fixed = Folder::new("position").with("a.jpg", XMP_GPS).fix("a.jpg", &[]);
    assert_eq!(
        (&fixed.json["untouched"], fixed.changes().as_str()),
        (&false.into(), r#"["metadata removed"]"#)
    );
    assert!(fixed.rgb() == image::load_from_memory(XMP_GPS).unwrap().to_rgb8());
    for source in [XMP_GPS, EXIF] {
        let fixed = Folder::new("position").with("a.jpg", source).fix("a.jpg", &[]);
        assert!(!fixed.bytes.windows(4).any(|bytes| bytes == b"Exif" || bytes == b"http"));
        assert!(!fixed.notes().contains("GPS") && !fixed.json["photo"].to_string().contains("gps"));
    }
}

/// As phones write it: the second image has metadata of its own.
#[test]
fn what_follows_the_image_is_not_passed_on() {
    let photo = jpeg(&plain(100, 100, [90; 3]), |_| ());
    let both = [&photo[..], XMP_GPS].concat();
    let fixed = Folder::new("trailing").with("a.jpg", both).fix("a.jpg", &[]);
    assert_eq!(fixed.json["untouched"], false, "{:#}", fixed.json);
    assert!(fixed.bytes.len() <= photo.len(), "{:#}", fixed.json);
    assert!(!fixed.notes().contains("metadata"), "{}", fixed.notes());
}

/// Larger than any request: so are many photos before they are made to fit.
#[test]
fn a_file_may_be_larger_than_a_request() {
    let exif = super::orientation(6);
    let photo = jpeg(&noise(1900, 1300), |encoder| {
        encoder.set_quality(100);
        encoder.add_exif_metadata(&exif).unwrap();
    });
    assert!(photo.len() as u64 > graph_photo_client::MAX_REQUEST_BYTES, "{}", photo.len());
    let fixed = Folder::new("large").with("a.jpg", photo).fix("a.jpg", &["--max-side", "100"]);
    assert_eq!(fixed.size(), (68, 100));
}
