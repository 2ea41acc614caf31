//! `{:#}` adds each cause of an error once.

use std::{error::Error, fmt};

use graph_photo_client::{JpegPhoto, error_chain};

#[tokio::test]
async fn a_photo_that_cannot_be_read_tells_why() {
    let error = JpegPhoto::read("no-such-folder/photo.jpg").await.unwrap_err();
    let cause = error.source().unwrap().to_string();
    let expected = format!("failed to read the photo `no-such-folder/photo.jpg`: {cause}");
    assert_eq!(format!("{error:#}"), expected);
    assert!(!error.to_string().contains(&cause), "{error}");
    let error = graph_photo_client::Error::from(error);
    assert_eq!(format!("{error:#}"), expected);
    assert!(!error.to_string().contains(&cause), "{error}");
    let error: Box<dyn Error> = error.into();
    assert_eq!(format!("{error:#}"), expected);
}

/// A message and its cause.
#[derive(Debug)]
struct Layer(&'static str, Option<Box<Layer>>);

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Layer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_ref().map(|cause| cause as _)
    }
}

#[test]
fn what_an_error_repeats_of_its_causes_is_said_once() {
    let layer = |text, cause| Some(Box::new(Layer(text, cause)));
    let causes = layer("no route", layer("no route", layer("the cable is out", None)));
    let error = Layer("not sent: no route", causes);
    assert_eq!(error_chain(&error), "not sent: no route: the cable is out");
}
