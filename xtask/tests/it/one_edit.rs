//! One edit of the spec reaches everything: the rendered client, the documents,
//! the emulator and the demo, with no other edit by hand.

use crate::copy::Copy;

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
    let parameters = ["siteId", "teamId", "memberId"].map(parameter).concat();
    let paths = format!(
        "  /sites/{{siteId}}/teams/{{teamId}}/members/{{memberId}}/photo/$value:
    parameters:
{parameters}{}  /devices/{{deviceId}}/photo/$value:
    parameters:
{}{}{}",
        operation("patch", "updateTeamMemberPhoto"),
        parameter("deviceId"),
        operation("put", "replaceDevicePhoto"),
        operation("patch", "updateDevicePhoto"),
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

fn line_with(text: &str, part: &str) -> String {
    text.lines().find(|line| line.contains(part)).unwrap_or_default().to_owned()
}

/// One test, since both use the same copy: what the first has built, the second
/// need not.
#[test]
fn reaches_everything() {
    let copy = Copy::new("one-edit");
    copy.edit_spec(&with_more());
    let permissions = copy.read("spec/PERMISSIONS.md");
    assert_eq!(
        line_with(&permissions, "/devices/{deviceId}"),
        "| `/devices/{deviceId}` | not supported | `User.ReadWrite.All` <sup>b</sup> |"
    );
    let target = copy.read("tests/snapshots/target.snap");
    assert_ne!(line_with(&target, "pub fn team_member("), "");
    assert_ne!(line_with(&copy.read("tests/snapshots/cloud.snap"), "Self::Example"), "");
    copy.build();
    let listed = copy.graph_photo(&["permissions", "/devices/d-1"]);
    assert!(listed.contains("User.ReadWrite.All"), "{listed}");
    let demo = copy.demo();
    assert!(demo.contains("17 of 17 uploads were stored and read back byte for byte"), "{demo}");
    for id in ["updateTeamMemberPhoto", "replaceDevicePhoto", "updateDevicePhoto"] {
        let row = line_with(&demo, id);
        assert!(
            row.contains(" 200 ") && row.ends_with("User.ReadWrite.All (application)"),
            "{row}"
        );
    }

    copy.edit_spec(&with_less());
    let permissions = copy.read("spec/PERMISSIONS.md");
    assert_eq!(line_with(&permissions, "/groups"), "");
    assert!(line_with(&permissions, "| `/me/contacts").contains("`Contacts.ReadWrite.Shared`"));
    let target = copy.read("tests/snapshots/target.snap");
    assert_ne!(line_with(&target, "person_id: PersonId"), "");
    assert_ne!(line_with(&copy.read("tests/snapshots/limits.snap"), "u64 = 1048575"), "");
    copy.build();
    let demo = copy.demo();
    assert!(demo.contains("12 of 12 uploads were stored and read back byte for byte"), "{demo}");
}
