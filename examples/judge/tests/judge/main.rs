//! The judge is judged: a wrong server with a switch for each mistake, services that are right, and
//! real servers.

mod arguments;
mod histories;
mod oracle;
mod race;
mod real;
mod services;
mod support;
mod switches;
mod wrong;
