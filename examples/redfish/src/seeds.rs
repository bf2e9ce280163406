//! The resources of a new BMC.

use serde_json::{Value, json};

pub(super) const ACCOUNTS: &str = "/redfish/v1/AccountService/Accounts";
pub(super) const ROLES: &str = "/redfish/v1/AccountService/Roles";
pub(super) const SESSIONS: &str = "/redfish/v1/SessionService/Sessions";

pub(super) fn resources() -> Vec<Value> {
    let mut resources = vec![
        json!({
            "@odata.id": "/redfish/v1",
            "@odata.type": "#ServiceRoot.v1_15_0.ServiceRoot",
            "Id": "RootService",
            "Name": "Root Service",
            "RedfishVersion": "1.15.0",
            "UUID": "92384634-2938-2342-8820-489239905423",
            "Systems": { "@odata.id": "/redfish/v1/Systems" },
            "SessionService": { "@odata.id": "/redfish/v1/SessionService" },
            "AccountService": { "@odata.id": "/redfish/v1/AccountService" },
            "Links": { "Sessions": { "@odata.id": SESSIONS } },
        }),
        collection(
            "/redfish/v1/Systems",
            "ComputerSystem",
            &["/redfish/v1/Systems/1"],
        ),
        json!({
            "@odata.id": "/redfish/v1/Systems/1",
            "@odata.type": "#ComputerSystem.v1_20_0.ComputerSystem",
            "Id": "1",
            "Name": "System",
            "SystemType": "Physical",
            "AssetTag": "MyServer",
            "PowerState": "On",
            "PowerState@Redfish.AllowableValues": ["On", "Off"],
            "IndicatorLED": "Off",
            "IndicatorLED@Redfish.AllowableValues": ["Lit", "Blinking", "Off"],
            "Boot": {
                "BootSourceOverrideEnabled": "Disabled",
                "BootSourceOverrideTarget": "None",
                "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd", "Cd"],
            },
            "Status": { "State": "Enabled", "Health": "OK" },
        }),
        json!({
            "@odata.id": "/redfish/v1/SessionService",
            "@odata.type": "#SessionService.v1_1_8.SessionService",
            "Id": "SessionService",
            "Name": "Session Service",
            "ServiceEnabled": true,
            "Sessions": { "@odata.id": SESSIONS },
        }),
        collection(SESSIONS, "Session", &[]),
        json!({
            "@odata.id": "/redfish/v1/AccountService",
            "@odata.type": "#AccountService.v1_13_0.AccountService",
            "Id": "AccountService",
            "Name": "Account Service",
            "ServiceEnabled": true,
            "Accounts": { "@odata.id": ACCOUNTS },
            "Roles": { "@odata.id": ROLES },
        }),
        collection(
            ACCOUNTS,
            "ManagerAccount",
            &["/redfish/v1/AccountService/Accounts/1"],
        ),
        account("1", "admin", "Administrator"),
    ];
    let roles = ["Administrator", "Operator", "ReadOnly"].map(role);
    let paths: Vec<_> = roles
        .iter()
        .filter_map(|role| role["@odata.id"].as_str())
        .collect();
    resources.push(collection(ROLES, "Role", &paths));
    resources.extend(roles.clone());
    resources
}

pub(super) fn account(id: &str, user: &str, role: &str) -> Value {
    json!({
        "@odata.id": format!("{ACCOUNTS}/{id}"),
        "@odata.type": "#ManagerAccount.v1_10_0.ManagerAccount",
        "Id": id,
        "Name": "User Account",
        "UserName": user,
        "RoleId": role,
        "Enabled": true,
        "Locked": false,
        // A password can be written, but not read.
        "Password": null,
        "Links": { "Role": { "@odata.id": format!("{ROLES}/{role}") } },
    })
}

pub(super) fn session(id: &str, user: &str) -> Value {
    json!({
        "@odata.id": format!("{SESSIONS}/{id}"),
        "@odata.type": "#Session.v1_5_0.Session",
        "Id": id,
        "Name": "User Session",
        "UserName": user,
    })
}

fn role(id: &str) -> Value {
    json!({
        "@odata.id": format!("{ROLES}/{id}"),
        "@odata.type": "#Role.v1_3_1.Role",
        "Id": id,
        "Name": "User Role",
        "RoleId": id,
        "IsPredefined": true,
    })
}

fn collection(path: &str, of: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|member| json!({ "@odata.id": member }))
        .collect();
    json!({
        "@odata.id": path,
        "@odata.type": format!("#{of}Collection.{of}Collection"),
        "Name": format!("{of} Collection"),
        "Members@odata.count": members.len(),
        "Members": members,
    })
}
