//! A simulated BMC, and a client of BMCs.
//!
//! ```sh
//! cargo run -p example-redfish -- serve --require-if-match
//! cargo run -p example-redfish -- get http://127.0.0.1:3000 system
//! cargo run -p example-redfish -- set http://127.0.0.1:3000 system.PowerState=On
//! cargo run -p example-redfish -- --help
//! ```
//!
//! `lib.rs` describes the service, and `client/mod.rs` the client. The exit status is 2 if the BMC
//! has refused a write with 412 or 428. The message then says what to do next.

use std::{env, io, process::ExitCode};

use example_redfish::{
    app, app_with_login,
    arguments::{Arguments, USAGE},
    commands, tls,
};
use example_support::serve;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse(env::args().skip(1)) {
        Ok(Arguments::Call(call)) => match commands::run(call, &mut io::stdout()).await {
            Err(failure) if failure.is_refused() => {
                eprintln!("{failure}");
                return ExitCode::from(2);
            }
            done => done.map_err(Into::into),
        },
        Ok(Arguments::Help) => {
            println!("{USAGE}");
            Ok(())
        }
        Ok(Arguments::Serve {
            listen,
            options,
            login,
            tls,
        }) => {
            let app = match login {
                Some(login) => app_with_login(options, login),
                None => app(options),
            };
            match tls {
                Some((certificate, key)) => match tls::config(&certificate, &key) {
                    Ok(config) => tls::serve(&listen, app, config).await,
                    Err(error) => Err(error.into()),
                },
                None => serve(&listen, app).await,
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
