//! `cargo run -p example-ironic -- --listen 127.0.0.1:3000`
//!
//! See `README.md`. The exit status is 2 if a resource has changed since it was read.

use std::{env, error::Error, future::Future, io, process::ExitCode};

use example_ironic::{
    Conductor,
    client::Failure,
    command::{Arguments, USAGE},
    parts,
};
use example_support::{listen, serve};
use tokio::sync::broadcast::error::RecvError;

#[tokio::main]
async fn main() -> ExitCode {
    let done: Result<(), Box<dyn Error>> = match Arguments::parse(env::args().skip(1)) {
        Ok(Arguments::Serve { listen, notify }) => run(listen, notify).await,
        Ok(Arguments::Command(command)) => match command.run(&mut io::stdout()).await {
            Err(Failure::Conflict(conflict)) => {
                eprintln!("{conflict}");
                return ExitCode::from(2);
            }
            done => done.map_err(Into::into),
        },
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(listen: Vec<String>, notify: bool) -> Result<(), Box<dyn Error>> {
    let address = listen::address(listen.into_iter()).map_err(|_| USAGE)?;
    let (api, conductor) = parts();
    if notify {
        tokio::spawn(show_notifications(&conductor));
    }
    tokio::spawn(conductor.run());
    serve(&address, api).await
}

/// Writes each notification to stdout as one line.
fn show_notifications(conductor: &Conductor) -> impl Future<Output = ()> + use<> {
    let mut notifications = conductor.notifications();
    async move {
        loop {
            match notifications.recv().await {
                Ok(notification) => println!("{}", notification.json()),
                Err(RecvError::Lagged(missed)) => eprintln!("{missed} notifications were missed"),
                Err(RecvError::Closed) => return,
            }
        }
    }
}
