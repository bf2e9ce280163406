//! A client of BMCs against a simulated BMC, over HTTP: rackfish's document, case by case.
#![cfg(feature = "client")]

#[path = "redfish/accounts.rs"]
mod accounts;
#[path = "../examples/redfish/app.rs"]
mod app;
#[path = "../examples/redfish/arguments.rs"]
mod arguments;
#[path = "redfish/bmc.rs"]
mod bmc;
#[path = "../examples/redfish/client/mod.rs"]
mod client;
#[path = "../examples/redfish/commands.rs"]
mod commands;
#[path = "redfish/outside.rs"]
mod outside;
#[path = "redfish/races.rs"]
mod races;
#[path = "redfish/rackfish.rs"]
mod rackfish;
#[path = "redfish/service.rs"]
mod service;
#[path = "redfish/systems.rs"]
mod systems;
