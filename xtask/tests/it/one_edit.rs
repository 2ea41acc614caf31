//! One edit of the spec reaches everything: the rendered client, the documents,
//! the emulator and the demo, with no other edit by hand.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use graph_photo_codegen::{Api, api::Target};
use serde_json::Value;

use crate::copy::{Copy, executable, target};

const SPEC: &str = include_str!("../../../spec/openapi.yaml");

/// What an operation consists of beside its id, its permissions and its method.
const REST: &str = "      requestBody:
        $ref: '#/components/requestBodies/Photo'
      responses:
        '200':
          $ref: '#/components/responses/Done'
        4XX:
          $ref: '#/components/responses/Refused'
        5XX:
          $ref: '#/components/responses/Failed'
";

fn operation(method: &str, id: &str) -> String {
    format!(
        "    {method}:
      operationId: {id}
      summary: Writes a photo that Graph does not have
      security:
        - application: [User.ReadWrite.All]
      x-graph-permissions:
        accountKinds: [work]
        leastPrivilegedFirst:
          - {{ scheme: application, scope: User.ReadWrite.All, source: current-page }}
{REST}"
    )
}

fn parameter(name: &str) -> String {
    format!(
        "      - name: {name}
        in: path
        required: true
        description: An id that no other path has.
        schema:
          $ref: '#/components/schemas/ContactId'
"
    )
}

/// The spec with one text replaced, everywhere; it has to be there.
fn replaced(spec: &str, from: &str, to: &str) -> String {
    assert!(spec.contains(from), "{from}");
    spec.replace(from, to)
}

/// Two paths, with one method and with both, and a cloud.
fn with_more() -> String {
    let parameters = ["shelfId", "rowId", "bookId"].map(parameter).concat();
    let paths = format!(
        "  /shelves/{{shelfId}}/rows/{{rowId}}/books/{{bookId}}/photo/$value:
    parameters:
{parameters}{}  /kiosks/{{kioskId}}/photo/$value:
    parameters:
{}{}{}",
        operation("patch", "updateShelfBookPhoto"),
        parameter("kioskId"),
        operation("put", "replaceKioskPhoto"),
        operation("patch", "updateKioskPhoto"),
    );
    let spec = replaced(SPEC, "\ncomponents:\n", &format!("\n{paths}\ncomponents:\n"));
    let cloud = "  - url: https://graph.example/v1.0
    description: A cloud of our own
    x-graph-cloud: example

";
    replaced(&spec, "# Where each statement about", &format!("{cloud}# Where each statement about"))
}

/// A path less, other names, a lower limit and another permission.
fn with_less() -> String {
    let start = SPEC.find("  /groups/{groupId}/photo/$value:\n").unwrap();
    let end = start + SPEC[start..].find("  /me/contacts/").unwrap();
    let spec = format!("{}{}", &SPEC[..start], &SPEC[end..]);
    let spec = replaced(&spec, "userId", "personId");
    let spec = replaced(&spec, "UserId", "PersonId");
    let spec = replaced(&spec, "ErrorResponse", "Envelope");
    let spec = replaced(&spec, "InnerError", "Details");
    let spec = replaced(&spec, "maxLength: 4194303", "maxLength: 1048575");
    replaced(&spec, "Contacts.ReadWrite", "Contacts.ReadWrite.Shared")
}

/// How the demo ends with this spec.
fn all_of(spec: &str) -> String {
    let count = Api::read(spec).unwrap().operations().count();
    format!("{count} of {count} uploads were stored and read back byte for byte")
}

fn line_with(text: &str, part: &str) -> String {
    text.lines().find(|line| line.contains(part)).unwrap_or_default().to_owned()
}

/// The programs of this repository that users look at.
fn programs() -> [PathBuf; 2] {
    ["debug/graph-photo", "debug/examples/demo"].map(|path| executable(&target().join(path)))
}

/// What they consist of, if they are there.
fn contents() -> [Option<Vec<u8>>; 2] {
    programs().map(|program| fs::read(program).ok())
}

/// Whether a program was built after the spec was last written: an older one is of
/// another spec without any fault of ours.
fn is_up_to_date(program: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
    let spec = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml"));
    written(program).is_ok_and(|built| built > written(spec).unwrap_or(SystemTime::UNIX_EPOCH))
}

/// The programs that this repository was built to know this repository's spec.
fn assert_programs_are_of_this_spec() {
    let [graph_photo, demo] = programs();
    let said = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let api = Api::read(SPEC).unwrap();
    if is_up_to_date(&graph_photo) {
        let listed = said(&graph_photo, &["permissions", "--format", "json"]);
        let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
        let listed: Vec<_> = listed.iter().filter_map(|target| target["target"].as_str()).collect();
        let targets: Vec<_> = api.targets.iter().map(Target::resource_template).collect();
        assert_eq!(listed, targets);
        let large = Path::new(env!("CARGO_TARGET_TMPDIR")).join("too-large.jpg");
        fs::write(&large, vec![0; usize::try_from(api.max_request_bytes).unwrap() + 1]).unwrap();
        let checked = said(&graph_photo, &["check", large.to_str().unwrap()]);
        assert!(checked.contains(&api.max_request_bytes.to_string()), "{checked}");
        let help = said(&graph_photo, &["set", "--help"]);
        for cloud in &api.clouds {
            assert!(help.contains(&cloud.name), "{help}");
        }
    }
    if is_up_to_date(&demo) {
        assert!(said(&demo, &[]).contains(&all_of(SPEC)));
    }
}

/// One test, since all of it uses the same copy: what was built once need not be
/// built again.
#[test]
fn reaches_everything() {
    let before = contents();
    reaches_everything_in_a_copy();
    assert!(contents() == before, "the copy was built over a program of this repository");
    assert_programs_are_of_this_spec();
}

fn reaches_everything_in_a_copy() {
    let copy = Copy::new("one-edit");
    let spec = with_more();
    copy.edit_spec(&spec);
    let permissions = copy.read("spec/PERMISSIONS.md");
    assert_eq!(
        line_with(&permissions, "/kiosks/{kioskId}"),
        "| `/kiosks/{kioskId}` | not supported | `User.ReadWrite.All` <sup>b</sup> |"
    );
    let target = copy.read("tests/snapshots/target.snap");
    assert_ne!(line_with(&target, "pub fn shelf_book("), "");
    assert_ne!(line_with(&copy.read("tests/snapshots/cloud.snap"), "Self::Example"), "");
    copy.build();
    let listed = copy.graph_photo(&["permissions", "/kiosks/k-1"]);
    assert!(listed.contains("User.ReadWrite.All"), "{listed}");
    let demo = copy.demo();
    assert!(demo.contains(&all_of(&spec)), "{demo}");
    for id in ["updateShelfBookPhoto", "replaceKioskPhoto", "updateKioskPhoto"] {
        let row = line_with(&demo, id);
        assert!(
            row.contains(" 200 ") && row.ends_with("User.ReadWrite.All (application)"),
            "{row}"
        );
    }

    let spec = with_less();
    copy.edit_spec(&spec);
    let permissions = copy.read("spec/PERMISSIONS.md");
    assert_eq!(line_with(&permissions, "/groups"), "");
    assert!(line_with(&permissions, "| `/me/contacts").contains("`Contacts.ReadWrite.Shared`"));
    let target = copy.read("tests/snapshots/target.snap");
    assert_ne!(line_with(&target, "person_id: PersonId"), "");
    assert_ne!(line_with(&copy.read("tests/snapshots/limits.snap"), "u64 = 1048575"), "");
    copy.build();
    let demo = copy.demo();
    assert!(demo.contains(&all_of(&spec)), "{demo}");
}
