//! One edit of the real spec for each kind of change, and the reported text.

use std::{collections::BTreeSet, fmt::Write as _};

use graph_photo_codegen::{
    Spec,
    compat::{
        Bump, Version, carries,
        change::{Change, ChangeKind, Effect},
        compare,
    },
};

use crate::spec::FIXED;

/// The expected kind, and edits that lead to it. Each edit replaces every occurrence.
type Case = (ChangeKind, &'static [(&'static str, &'static str)]);

/// The kinds of the removal and the addition, and edits that rename something.
type Renaming = ([ChangeKind; 2], &'static [(&'static str, &'static str)]);

/// A renamed item is another item of the client.
const RENAMED: &[Renaming] = &[
    (
        [ChangeKind::TargetRemoved, ChangeKind::TargetAdded],
        &[("replaceUserPhoto", "replacePersonPhoto"), ("updateUserPhoto", "updatePersonPhoto")],
    ),
    (
        [ChangeKind::TargetRemoved, ChangeKind::TargetAdded],
        &[(CONTACT_PATH, "/me/people/{contactId}/photo")],
    ),
    (
        [ChangeKind::TargetRemoved, ChangeKind::TargetAdded],
        &[("name: userId", "name: personId"), ("{userId}", "{personId}")],
    ),
    (
        [ChangeKind::TargetRemoved, ChangeKind::TargetAdded],
        &[("name: userId", "name: userid"), ("{userId}", "{userid}")],
    ),
    (
        [ChangeKind::TargetRemoved, ChangeKind::TargetAdded],
        &[(
            "/me/contactfolders/{contactFolderId}/contacts/{contactId}",
            "/me/contactfolders/{contactId}/contacts/{contactFolderId}",
        )],
    ),
    (
        [ChangeKind::CloudRemoved, ChangeKind::CloudAdded],
        &[("x-graph-cloud: us-l5", "x-graph-cloud: us-dod")],
    ),
];

const CONTACT_PATH: &str = "/me/contacts/{contactId}/photo";

const CASES: &[Case] = &[
    (ChangeKind::PathCaseChanged, &[(CONTACT_PATH, "/me/Contacts/{contactId}/photo")]),
    (
        ChangeKind::MaxLengthLowered,
        &[(
            "GUID).\n      type: string\n      minLength: 1\n      maxLength: 1024",
            "GUID).\n      type: string\n      minLength: 1\n      maxLength: 36",
        )],
    ),
    (ChangeKind::MaxLengthRaised, &[("maxLength: 1024", "maxLength: 2048")]),
    (ChangeKind::PatternTightened, &[("]+$\"", r#"\\u303F]+$""#)]),
    (ChangeKind::PatternRelaxed, &[("| |.* $)", ")")]),
    (ChangeKind::SizeLimitLowered, &[("maxLength: 4194303", "maxLength: 3999999")]),
    (ChangeKind::SizeLimitRaised, &[("maxLength: 4194303", "maxLength: 8388607")]),
    (
        ChangeKind::ResponseAdded,
        &[(
            "        4XX:",
            "        '202':\n          $ref: '#/components/responses/Done'\n        4XX:",
        )],
    ),
    (
        ChangeKind::ResponseRemoved,
        &[("        '204':\n          $ref: '#/components/responses/Done'\n", "")],
    ),
    (
        ChangeKind::PermissionAdded,
        &[
            (
                "        - application: [Group.ReadWrite.All]\n",
                "        - application: [Group.ReadWrite.All]\n        - application: [User.ReadWrite.All]\n",
            ),
            (
                "          - { scheme: application, scope: Group.ReadWrite.All, source: current-page }\n",
                "          - { scheme: application, scope: Group.ReadWrite.All, source: current-page }\n          - { scheme: application, scope: User.ReadWrite.All, source: current-page }\n",
            ),
        ],
    ),
    (
        ChangeKind::PermissionRemoved,
        &[
            ("        - application: [Group.ReadWrite.All]\n", ""),
            (
                "          - { scheme: application, scope: Group.ReadWrite.All, source: current-page }\n",
                "",
            ),
        ],
    ),
    (
        ChangeKind::PermissionsReordered,
        &[
            (
                "        - application: [ProfilePhoto.ReadWrite.All]\n        - application: [Group.ReadWrite.All]\n",
                "        - application: [Group.ReadWrite.All]\n        - application: [ProfilePhoto.ReadWrite.All]\n",
            ),
            (
                "          - { scheme: application, scope: ProfilePhoto.ReadWrite.All, source: current-page }\n          - { scheme: application, scope: Group.ReadWrite.All, source: current-page }\n",
                "          - { scheme: application, scope: Group.ReadWrite.All, source: current-page }\n          - { scheme: application, scope: ProfilePhoto.ReadWrite.All, source: current-page }\n",
            ),
        ],
    ),
    (
        ChangeKind::ConditionTightened,
        &[(
            "scope: Group.ReadWrite.All, source: original-page",
            "scope: Group.ReadWrite.All, condition: administratorRole, source: original-page",
        )],
    ),
    (ChangeKind::ConditionRelaxed, &[("condition: ownPhotoOnly", "condition: administratorRole")]),
    (ChangeKind::ConditionRelaxed, &[("condition: notOnBehalfOfUser, ", "")]),
    (
        ChangeKind::AccountKindAdded,
        &[("accountKinds: [work, school]", "accountKinds: [work, school, personal]")],
    ),
    (ChangeKind::AccountKindRemoved, &[("accountKinds: [work, school]", "accountKinds: [work]")]),
    (
        ChangeKind::PermissionIdChanged,
        &[("62a82d76-70ea-41e2-9197-370581804d09", "62a82d76-70ea-41e2-9197-370581804d00")],
    ),
    (
        ChangeKind::ScopeAdded,
        &[
            (
                "            Contacts.ReadWrite: Read and write contacts in",
                "            User.Read.All: Read all.\n            Contacts.ReadWrite: Read and write contacts in",
            ),
            (
                "          Contacts.ReadWrite: 6918",
                "          User.Read.All: df021288-bdef-4463-88db-98f22de89214\n          Contacts.ReadWrite: 6918",
            ),
        ],
    ),
    (
        ChangeKind::DetailChanged,
        &[(
            "condition: notOnBehalfOfUser, source: original-page",
            "condition: notOnBehalfOfUser, source: current-page",
        )],
    ),
    (ChangeKind::TextChanged, &[("Read and write contacts in all mailboxes.", "Write contacts.")]),
    (
        ChangeKind::TextChanged,
        &[("title: Update profilePhoto, current edition", "title: Update profilePhoto")],
    ),
    (ChangeKind::TextChanged, &[("The app acts under its own identity", "The app acts as itself")]),
    (
        ChangeKind::CloudAdded,
        &[(
            "x-graph-cloud: china\n",
            "x-graph-cloud: china\n  - url: https://graph.example/v1.0\n    description: One more\n    x-graph-cloud: more\n",
        )],
    ),
    (
        ChangeKind::CloudRemoved,
        &[(
            "  - url: https://dod-graph.microsoft.us/v1.0\n    description: Microsoft Graph for US Government L5 (DOD)\n    x-graph-cloud: us-l5\n",
            "",
        )],
    ),
    (
        ChangeKind::CloudUrlChanged,
        &[("https://dod-graph.microsoft.us/v1.0", "https://dod-graph.microsoft.us/v2.0")],
    ),
    (
        ChangeKind::DefaultCloudChanged,
        &[
            (
                "  - url: https://graph.microsoft.com/v1.0\n    description: The global service\n    x-graph-cloud: global\n",
                "",
            ),
            (
                "x-graph-cloud: china\n",
                "x-graph-cloud: china\n  - url: https://graph.microsoft.com/v1.0\n    description: The global service\n    x-graph-cloud: global\n",
            ),
        ],
    ),
    (
        ChangeKind::DetailChanged,
        &[(
            "    InnerError:\n",
            "    Spare:\n      type: object\n      properties:\n        one:\n          type: string\n    InnerError:\n",
        )],
    ),
    (
        ChangeKind::DetailChanged,
        &[(
            "        request-id:\n",
            "        target:\n          type: string\n        request-id:\n",
        )],
    ),
    (
        ChangeKind::DetailChanged,
        &[(
            "        code:\n          description: A more specific error code.\n          type: string\n",
            "",
        )],
    ),
    (
        ChangeKind::DetailChanged,
        &[(
            "        code:\n          description: A more specific",
            "        detail:\n          description: A more specific",
        )],
    ),
    (
        ChangeKind::DetailChanged,
        &[(
            "A more specific error code.\n          type: string",
            "A more specific error code.\n          type: integer",
        )],
    ),
    (ChangeKind::TextChanged, &[("title: Microsoft Graph profile photos", "title: Photos")]),
    (ChangeKind::TextChanged, &[("Replaces a user's photo", "Replaces the photo of a user")]),
    (
        ChangeKind::TextChanged,
        &[("description: The group's object id.", "description: The id of a group.")],
    ),
    (ChangeKind::TextChanged, &[("description: The photo was replaced.", "description: Done.")]),
    (
        ChangeKind::TextChanged,
        &[("description: A more specific error code.", "description: A code.")],
    ),
    (ChangeKind::TextChanged, &[("description: The global service", "description: Global")]),
    (ChangeKind::DetailChanged, &[("  - name: groups\n", "  - name: teams\n  - name: groups\n")]),
    (ChangeKind::TextChanged, &[("version: 1.0.0", "version: 1.1.0")]),
    (
        ChangeKind::TextChanged,
        &[("description: The photo's bytes, as they are, not base64.", "description: Bytes.")],
    ),
    (
        ChangeKind::DetailChanged,
        &[("/organizations/oauth2/v2.0/authorize", "/common/oauth2/v2.0/authorize")],
    ),
];

/// Kinds that are inverse: undoing an edit of the first kind is a change of the second.
const INVERSE: &[(ChangeKind, ChangeKind)] = &[
    (ChangeKind::ScopeAdded, ChangeKind::ScopeRemoved),
    (ChangeKind::PermissionAdded, ChangeKind::PermissionRemoved),
    (ChangeKind::CloudAdded, ChangeKind::CloudRemoved),
    (ChangeKind::ConditionTightened, ChangeKind::ConditionRelaxed),
    (ChangeKind::ConditionRelaxed, ChangeKind::ConditionTightened),
    (ChangeKind::ResponseAdded, ChangeKind::ResponseRemoved),
    (ChangeKind::AccountKindAdded, ChangeKind::AccountKindRemoved),
    (ChangeKind::MaxLengthLowered, ChangeKind::MaxLengthRaised),
    (ChangeKind::PatternTightened, ChangeKind::PatternRelaxed),
];

fn read(text: &str) -> Spec {
    Spec::read(text).unwrap_or_else(|findings| panic!("{findings}"))
}

fn edited(edits: &[(&str, &str)]) -> Spec {
    let mut text = FIXED.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the spec has no longer: {from}");
        text = text.replace(from, to);
    }
    read(&text)
}

fn kinds(changes: &[Change]) -> BTreeSet<ChangeKind> {
    changes.iter().map(|change| change.kind).collect()
}

/// The lines of a spec from `from` up to `to`, for adding and removing paths.
fn part<'a>(from: &str, to: &str) -> &'a str {
    let start = FIXED.find(from).unwrap();
    &FIXED[start..start + FIXED[start..].find(to).unwrap()]
}

#[test]
fn of_each_kind_are_recognised_and_nothing_else() {
    let original = read(FIXED);
    let mut report = String::new();
    for (kind, edits) in CASES {
        let changes = compare(&original, &edited(edits));
        assert_eq!(kinds(&changes), BTreeSet::from([*kind]), "{edits:?}: {changes:#?}");
        for change in changes {
            writeln!(report, "{}: {}", kind.name(), change.text).unwrap();
            if let Some(remedy) = change.remedy {
                writeln!(report, "    {remedy}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(report);
}

#[test]
fn back_are_recognised_too() {
    let original = read(FIXED);
    for (there, back) in INVERSE {
        let (_, edits) = CASES.iter().find(|(kind, _)| kind == there).unwrap();
        assert_eq!(
            kinds(&compare(&edited(edits), &original)),
            BTreeSet::from([*back]),
            "{there:?}"
        );
    }
}

#[test]
fn of_names_are_breaking() {
    let original = read(FIXED);
    for (expected, edits) in RENAMED {
        let changes = compare(&original, &edited(edits));
        assert_eq!(kinds(&changes), BTreeSet::from(*expected), "{edits:?}: {changes:#?}");
        assert_eq!(changes[0].kind.impact().effect(), Effect::Breaking, "{edits:?}");
    }
}

#[test]
fn of_targets_and_operations_are_recognised() {
    let original = read(FIXED);
    let group = part("  /groups/{groupId}/photo/$value:", "  /me/contacts/");
    let without = read(&FIXED.replace(group, ""));
    insta::assert_debug_snapshot!(compare(&original, &without));
    insta::assert_debug_snapshot!(compare(&without, &original));
    let patch = &group[group.find("    patch:").unwrap()..];
    let without = read(&FIXED.replace(patch, ""));
    insta::assert_debug_snapshot!(compare(&original, &without));
    insta::assert_debug_snapshot!(compare(&without, &original));
}

#[test]
fn of_the_error_model_are_details() {
    let edited = edited(&[
        (
            "    GraphError:\n",
            "    Answer:\n      type: object\n      required: [error]\n      properties:\n        error:\n          $ref: '#/components/schemas/GraphError'\n    GraphError:\n",
        ),
        ("schemas/ErrorResponse", "schemas/Answer"),
    ]);
    // The client's errors don't depend on the spec's names of schemas.
    assert_eq!(kinds(&compare(&read(FIXED), &edited)), BTreeSet::from([ChangeKind::DetailChanged]));
}

#[test]
fn have_one_of_the_kinds_each_of_which_is_tried_here() {
    let mut tried: BTreeSet<ChangeKind> = CASES.iter().map(|(kind, _)| *kind).collect();
    tried.extend(INVERSE.iter().map(|(_, back)| *back));
    tried.extend([
        ChangeKind::TargetAdded,
        ChangeKind::TargetRemoved,
        ChangeKind::OperationAdded,
        ChangeKind::OperationRemoved,
    ]);
    let missing: Vec<_> = ChangeKind::ALL.iter().filter(|kind| !tried.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn have_the_impact_of_their_kind() {
    let mut table = String::new();
    for kind in ChangeKind::ALL {
        let impact = kind.impact();
        assert_ne!(impact.effect(), Effect::Unaffected, "{}", kind.name());
        writeln!(table, "{:<26} {:<14} {}", kind.name(), impact.callers, impact.grants).unwrap();
    }
    // The graver of the two effects counts.
    let effect = |kind: ChangeKind| kind.impact().effect();
    assert_eq!(effect(ChangeKind::PermissionRemoved), Effect::Breaking);
    assert_eq!(effect(ChangeKind::CloudRemoved), Effect::Breaking);
    assert_eq!(effect(ChangeKind::PermissionAdded), Effect::Compatible);
    assert_eq!(effect(ChangeKind::ScopeAdded), Effect::Documentation);
    assert_eq!(effect(ChangeKind::TextChanged), Effect::Documentation);
    insta::assert_snapshot!(table);
}

#[test]
fn are_none_between_equal_specs_however_they_are_written() {
    let original = read(FIXED);
    assert!(compare(&original, &original).is_empty());
    let quoted = FIXED.replace("version: 1.0.0", "version: '1.0.0' # the first");
    assert!(compare(&original, &read(&quoted)).is_empty());
    // The order of parameters, and of tags after the first, is not rendered.
    let (user, contact) =
        ("- $ref: '#/components/parameters/UserId'", "- $ref: '#/components/parameters/ContactId'");
    let both = |first, second| format!("      {first}\n      {second}\n");
    let exchanged = FIXED.replace(&both(user, contact), &both(contact, user));
    assert_ne!(exchanged, FIXED);
    assert!(compare(&original, &read(&exchanged)).is_empty());
    let tagged = |tags| read(&FIXED.replace("tags: [users]", tags));
    let (one, other) = ("tags: [users, groups, contacts]", "tags: [users, contacts, groups]");
    assert!(compare(&tagged(one), &tagged(other)).is_empty());
}

#[test]
fn demand_the_digit_that_cargo_reads() {
    let digit = |version: &str, effect| {
        let version: Version = version.parse().unwrap();
        let bump = Bump::demanded(&version, effect);
        (bump, bump.after(&version).to_string())
    };
    assert_eq!(digit("1.2.3", Effect::Breaking), (Bump::Major, "2.0.0".to_owned()));
    assert_eq!(digit("1.2.3", Effect::Compatible), (Bump::Minor, "1.3.0".to_owned()));
    assert_eq!(digit("1.2.3", Effect::Documentation), (Bump::Patch, "1.2.4".to_owned()));
    assert_eq!(digit("0.2.3", Effect::Breaking), (Bump::Minor, "0.3.0".to_owned()));
    assert_eq!(digit("0.2.3", Effect::Compatible), (Bump::Patch, "0.2.4".to_owned()));
    assert_eq!(digit("0.0.3", Effect::Breaking), (Bump::Patch, "0.0.4".to_owned()));
    let version = |text: &str| text.parse::<Version>().unwrap();
    assert!(
        carries(&version("0.2.0+5"), &version("0.2.0+6")),
        "the label of a build doesn't count"
    );
    assert_eq!(Bump::Patch.after(&version("0.2.0-rc.1+5")).to_string(), "0.2.0-rc.2");
    for text in ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.x", "-1.2.3", "1.2.99999999999999999999"]
    {
        assert!(text.parse::<Version>().is_err(), "{text}");
    }
}

/// The order is that of semver.org, and a pre-release may become its release.
#[test]
fn pre_releases_are_ordered_and_followed_by_their_release() {
    let version = |text: &str| text.parse::<Version>().unwrap();
    let order = "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 \
                 1.0.0-rc.1 1.0.0-rc.9 1.0.0-rc.10 1.0.0 1.0.1-rc.1";
    let order: Vec<_> = order.split(' ').map(version).collect();
    assert!(order.is_sorted_by(|one, next| one < next), "{order:?}");
    let cases = [
        ("2.0.0-rc.1", Effect::Breaking, "2.0.0-rc.2"),
        ("2.0.0-rc.9", Effect::Documentation, "2.0.0-rc.10"),
        ("2.0.0-beta", Effect::Breaking, "2.0.0-beta.1"),
        ("2.0.0-7", Effect::Breaking, "2.0.0-8"),
        ("0.2.0-rc.1", Effect::Breaking, "0.2.0-rc.2"),
        ("0.0.3-rc.1", Effect::Breaking, "0.0.3-rc.2"),
        ("2.1.0-rc.1", Effect::Compatible, "2.1.0-rc.2"),
        ("2.1.0-rc.1", Effect::Breaking, "3.0.0"),
        ("1.2.3-rc.1", Effect::Compatible, "1.3.0"),
        ("1.2.3-rc.18446744073709551615", Effect::Documentation, "1.2.3-rc.18446744073709551615.1"),
    ];
    for (before, effect, expected) in cases {
        let before = version(before);
        let demanded = Bump::demanded(&before, effect).after(&before);
        assert_eq!(demanded.to_string(), expected, "{before}");
        assert!(demanded > before && !carries(&before, &demanded), "{before}");
    }
    assert!(carries(&version("2.0.0"), &version("2.0.0-rc.2")));
    assert!(
        carries(&version("2.0.0-rc.1"), &version("2.0.0")),
        "it carries the bump of its release"
    );
    assert!(!carries(&version("1.9.0-rc.1"), &version("2.0.0")));
    assert!(!carries(&version("2.0.0-rc.1"), &version("2.0.0-rc.2")));
}
