//! Refusals of content other than a JPEG.

use super::{ContentKind, InvalidJpeg, inspect};

use super::fixture;

fn kind(bytes: &[u8]) -> ContentKind {
    match inspect(bytes) {
        Err(InvalidJpeg::NotJpeg(kind)) => kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn other_images_are_recognised() {
    for (name, expected) in [
        ("look-alike.png", ContentKind::Png),
        ("look-alike.gif", ContentKind::Gif),
        ("look-alike.webp", ContentKind::WebP),
        ("look-alike.heic", ContentKind::Heic),
        ("look-alike.avif", ContentKind::Avif),
        ("look-alike.bmp", ContentKind::Bmp),
        ("look-alike.tiff", ContentKind::Tiff),
        ("look-alike.jp2", ContentKind::Jpeg2000),
    ] {
        assert_eq!(kind(&fixture::read(name)), expected, "{name}");
    }
}

#[test]
fn other_beginnings_are_recognised() {
    for (bytes, expected) in [
        (&b"MM\0*\0\0\0\x08"[..], ContentKind::Tiff),
        (b"\xFF\x0A\xFA\x7F", ContentKind::JpegXl),
        (b"\0\0\0\x0CJXL \r\n\x87\n", ContentKind::JpegXl),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", ContentKind::Avif),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", ContentKind::Heic),
        (b"\0\0\0\x18ftypmsf1\0\0\0\0msf1", ContentKind::Heic),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", ContentKind::CameraRaw),
        (b"II*\0\x10\0\0\0CR\x02\0", ContentKind::CameraRaw),
        (b"\0\0\x01\0\x01\0", ContentKind::Icon),
        (b"L\0\0\0\x01\x14\x02\0", ContentKind::Shortcut),
        (b"\0\0\0\x18ftypjxl \0\0\0\0", ContentKind::JpegXl),
        (b"\0\0\0\x14ftypjp2 \0\0\0\0jp2 ", ContentKind::Jpeg2000),
        (b"\0\0\0\x14ftypjpx \0\0\0\0jpx ", ContentKind::Jpeg2000),
        (b"\0\0\0\x14ftypjpm \0\0\0\0jpm ", ContentKind::Jpeg2000),
        (b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", ContentKind::Film),
        (b"%PDF-1.7\n", ContentKind::Pdf),
        (b"8BPS\0\x01", ContentKind::Photoshop),
        (b"PK\x03\x04\x14\0", ContentKind::Zip),
        (b"\x1F\x8B\x08\0", ContentKind::Gzip),
        (b"\0", ContentKind::Unknown),
        (b"\0\0\0\0\0\0\0\0", ContentKind::Unknown),
        (b"\xD8\xFF\xE0\0\x10JFIF", ContentKind::Unknown),
    ] {
        assert_eq!(kind(bytes), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn texts_are_told_apart() {
    for (bytes, expected) in [
        (&b"/9j/4AAQSkZJRg=="[..], ContentKind::Base64Jpeg),
        (b" \r\n\"/9j/4AAQSkZJRg==\"", ContentKind::Base64Jpeg),
        (b"'/9j/4AAQ", ContentKind::Base64Jpeg),
        (b"_9j_4AAQ", ContentKind::Base64Jpeg),
        (b"data:image/jpeg;base64,/9j/4AAQ", ContentKind::DataUrl),
        (b"\n<!DOCTYPE html><html>", ContentKind::Html),
        (b"<HTML><body>", ContentKind::Html),
        (b"<!-- a gateway --><html>", ContentKind::Html),
        (b"BM stands for many things", ContentKind::Text),
        (b"\xEF\xBB\xBF<html>", ContentKind::Html),
        (b"{\"error\":{\"code\":\"x\"}}", ContentKind::Json),
        (b"[255,216,255]", ContentKind::Json),
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", ContentKind::Svg),
        (b"<?xml version=\"1.0\"?><!-- --><svg/>", ContentKind::Svg),
        (b"<?xml version=\"1.0\"?><Error/>", ContentKind::Xml),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\n", ContentKind::Multipart),
        (b"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\0", ContentKind::TextDecodedJpeg),
        ("\u{FF}\u{D8}\u{FF}\u{E0}".as_bytes(), ContentKind::TextDecodedJpeg),
        (b"C:\\Users\\me\\photo.jpg", ContentKind::Text),
        ("Gr\u{FC}\u{DF}e".as_bytes(), ContentKind::Text),
        (b"iVBORw0KGgoAAAANSUhEUg", ContentKind::Base64Png),
        (b"\"R0lGODlhAQABAIAAAP", ContentKind::Base64Gif),
        (b"R0lGODdhAQABAIAAAP", ContentKind::Base64Gif),
        (b"UklGRiQAAABXRUJQ", ContentKind::Base64WebP),
        (b"[InternetShortcut]\r\nURL=https://contoso.com/me.jpg", ContentKind::Shortcut),
        (b"\xEF\xBB\xBF[internetshortcut]\nURL=x", ContentKind::Shortcut),
        (b"[{000214A0-0000-0000-C000-000000000046}]\r\n[InternetShortcut]", ContentKind::Shortcut),
        (b"[Desktop Entry]\nType=Link\nURL=x", ContentKind::Shortcut),
        (b"<?xml version=\"1.0\"?><plist><dict><key>URL</key>", ContentKind::Shortcut),
    ] {
        assert_eq!(kind(bytes), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_text_cut_within_a_character_is_still_text() {
    let text = format!("a{}", "\u{20AC}".repeat(1000));
    assert_eq!(kind(text.as_bytes()), ContentKind::Text);
}

#[test]
fn messages_say_what_happened_and_what_to_do() {
    for (bytes, message) in [
        (&b""[..], "there are no bytes; check that the file was read"),
        (b"\x89PNG\r\n\x1A\n", "the bytes are a PNG image, not a JPEG; convert it to JPEG first"),
        (
            b"/9j/4AAQ",
            "the bytes are the base64 text of a JPEG, not a JPEG; \
             decode the base64 text and pass the bytes",
        ),
        (
            b"{}",
            "the bytes are JSON text, not a JPEG; check where the bytes came from: \
             this may be an error page or an API's answer",
        ),
        (
            b"\xFF\xD8\xFF",
            "the JPEG is cut off after 3 bytes, before its end-of-image marker; \
             read or download the whole file again",
        ),
    ] {
        assert_eq!(inspect(bytes).unwrap_err().to_string(), message);
    }
}

/// Bytes that mean something else are rarely nine tenths ASCII if they are read so.
#[test]
fn utf16_without_a_byte_order_mark_is_nine_tenths_ascii() {
    for (ascii, expected) in [
        (100, ContentKind::Utf16Text),
        (90, ContentKind::Utf16Text),
        (89, ContentKind::Unknown),
        (50, ContentKind::Unknown),
        (4, ContentKind::Unknown),
    ] {
        let text = ["a".repeat(ascii), "\u{4E2D}".repeat(100 - ascii)].concat();
        for bytes in &utf16(&text)[2..] {
            assert_eq!(kind(bytes), expected, "{ascii} of 100");
        }
    }
}

/// Text as UTF-16, in either byte order, with a byte-order mark and without.
fn utf16(text: &str) -> [Vec<u8>; 4] {
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [[&b"\xFF\xFE"[..], &little].concat(), [&b"\xFE\xFF"[..], &big].concat(), little, big]
}

#[test]
fn utf16_is_named_with_what_it_holds() {
    for (text, expected) in [
        ("/9j/4AAQSkZJRgABAQAAAQABAAD", ContentKind::Utf16Base64Jpeg),
        ("\r\n\"/9j/4AAQSkZJRgABAQAAAQABAAD\"", ContentKind::Utf16Base64Jpeg),
        ("data:image/jpeg;base64,/9j/4AAQ", ContentKind::Utf16Base64Jpeg),
        ("<html><body>Sign in", ContentKind::Utf16Text),
        ("{\"error\":{}}", ContentKind::Utf16Text),
        ("iVBORw0KGgoAAAANSUhEUg", ContentKind::Utf16Base64Image),
        ("data:image/png;base64,iVBORw0KGgo", ContentKind::Utf16Base64Image),
        ("[InternetShortcut]\r\nURL=x", ContentKind::Utf16Shortcut),
    ] {
        for bytes in utf16(text) {
            assert_eq!(kind(&bytes), expected, "{}", bytes.escape_ascii());
            assert!(inspect(&bytes).unwrap_err().to_string().contains("UTF-16"));
        }
    }
}

/// A JPEG's bytes as a shell decodes them, by its code page.
#[test]
fn a_jpeg_that_a_shell_redirected_is_named() {
    let code_page_437 = |byte| match byte {
        0xFF => '\u{A0}',
        0xD8 => '\u{256A}',
        0xE0 => '\u{3B1}',
        byte => char::from(byte),
    };
    let latin_1 = char::from;
    let utf_8 = |byte: u8| if byte < 0x80 { char::from(byte) } else { char::REPLACEMENT_CHARACTER };
    let photo = fixture::read("baseline.jpg");
    for decode in [code_page_437 as fn(u8) -> char, latin_1, utf_8] {
        let text: String = photo.iter().map(|byte| decode(*byte)).collect();
        for bytes in utf16(&text) {
            assert_eq!(kind(&bytes), ContentKind::Utf16Jpeg, "{}", bytes[..16].escape_ascii());
            assert!(inspect(&bytes).unwrap_err().to_string().contains("UTF-16"));
        }
        assert_eq!(kind(text.as_bytes()), ContentKind::TextDecodedJpeg);
    }
}

#[test]
fn a_jpeg_after_other_bytes_is_refused_with_its_place() {
    let photo = fixture::read("baseline.jpg");
    let headers = b"HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\n\r\n";
    let long = [&headers[..17], &b"x-filler: 0123456789\r\n".repeat(100), b"\r\n"].concat();
    for before in [
        &b"\xEF\xBB\xBF"[..],
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\n",
        b"\r\n\r\n",
        b" ",
        b"\0",
        headers,
        &long,
        b"{\"id\": 1}\n",
        b"<?xml version=\"1.0\"?>\n",
        b"<html><br />a warning</html>\n",
    ] {
        let at = before.len();
        let error = inspect(&[before, &photo].concat()).unwrap_err();
        assert_eq!(error, InvalidJpeg::NotAtStart { at });
        let said = error.to_string();
        assert!(said.starts_with(&format!("there is a JPEG at byte {}, after {at} byte", at + 1)));
    }
    // Within an image of another format it is a preview.
    let preview = [b"II*\0\x08\0\0\0", &photo[..]].concat();
    assert_eq!(kind(&preview), ContentKind::Tiff);
}
