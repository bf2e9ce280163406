//! A simulated BMC, and a client of BMCs.
//!
//! ```sh
//! cargo run -p example-redfish -- serve --require-if-match
//! cargo run -p example-redfish -- tree http://127.0.0.1:3000
//! cargo run -p example-redfish -- get http://127.0.0.1:3000 Systems/1
//! cargo run -p example-redfish -- set http://127.0.0.1:3000 Systems/1 AssetTag rack-7
//! cargo run -p example-redfish -- patch http://127.0.0.1:3000 Systems/1 \
//!     '{"IndicatorLED": "Lit", "Boot": {"BootSourceOverrideTarget": "Pxe"}}'
//! ```
//!
//! `lib.rs` describes the service, and `client/mod.rs` the client. The exit status is 2 if the BMC
//! has refused a write with 412 or 428. The message then says what to do next.

use std::{env, io, process::ExitCode};

use example_redfish::{app, arguments::Arguments, commands};
use example_support::serve;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse(env::args().skip(1)) {
        Ok(Arguments::Serve { listen, options }) => serve(&listen, app(options)).await,
        Ok(Arguments::Command { url, command }) => {
            match commands::run(&url, command, &mut io::stdout()).await {
                Err(failure) if failure.is_refused() => {
                    eprintln!("{failure}");
                    return ExitCode::from(2);
                }
                done => done.map_err(Into::into),
            }
        }
        Err(usage) => Err(usage.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
