//! A client of BMCs against a simulated BMC, over HTTP: rackfish's document, case by case.

mod accounts;
mod bmc;
mod by_reqwest;
mod outside;
mod races;
mod rackfish;
mod service;
mod systems;
