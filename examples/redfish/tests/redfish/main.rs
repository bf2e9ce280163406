//! A client of BMCs against a simulated BMC, over HTTP: rackfish's document, case by case.

mod accounts;
mod bmc;
mod by_reqwest;
mod command_line;
mod document;
mod outside;
mod process;
mod races;
mod rackfish;
mod service;
mod sessions;
mod sushy;
mod systems;
mod writers;
