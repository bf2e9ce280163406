//! Servers as processes, and a client that measures how long they are on a processor.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::{
    cases::Case,
    connection::{Stack, case_named, expect, request, response_length},
    exchanges::{BASE, CASES, Loopback},
};

/// The first argument of a server. Its stack and the case follow.
pub(crate) const SERVE: &str = "--serve";

const ROUNDS: usize = 21;
const REQUESTS: u32 = 1_000;

/// Serves until the process is killed. The first line on stdout is the port.
pub(crate) fn serve(stack: &str, case: &str) -> io::Result<()> {
    let (stack, case) = (Stack::named(stack), case_named(case));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async move {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?.port());
        loop {
            let (io, _) = listener.accept().await?;
            io.set_nodelay(true)?;
            let case = case.clone();
            tokio::task::spawn_local(async move { stack.connect(&case, &directory(), io).await });
        }
    })
}

/// Where the files are, made by the process that measures.
fn directory() -> PathBuf {
    env::var_os("END_TO_END_FILES").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

struct Server {
    process: Child,
    io: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(stack: Stack, case: &Case, files: &Path) -> io::Result<Self> {
        let (process, port) = match stack {
            Stack::Nginx => nginx(files)?,
            _ => this(stack, case, files)?,
        };
        let mut server = Self {
            process,
            io: connect(port)?,
            request: request(case, &[]),
            buffer: Vec::with_capacity(64 * 1_024),
        };
        server.io.set_nodelay(true)?;
        if stack.serves_files() {
            server.use_date_of_file(case)?;
        }
        assert_eq!(
            &server.exchange()?,
            case.status.as_str(),
            "{}",
            stack.name()
        );
        Ok(server)
    }

    /// A file has a tag and a date that only its server knows. All file servers know dates.
    fn use_date_of_file(&mut self, case: &Case) -> io::Result<()> {
        self.request = request(&case_named("stamped"), &[]);
        self.exchange()?;
        let text = String::from_utf8_lossy(&self.buffer).into_owned();
        let date = text.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("last-modified")
                .then(|| value.to_owned())
        });
        let date = date.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, text))?;
        let fields = match case.name {
            "304" => vec![("if-modified-since", date)],
            "missed" => vec![(
                "if-modified-since",
                "Sat, 05 Nov 1994 08:49:37 GMT".to_owned(),
            )],
            _ => Vec::new(),
        };
        self.request = request(&case_named("stamped"), &fields);
        Ok(())
    }

    /// Sends one request, and returns the status of the response.
    fn exchange(&mut self) -> io::Result<String> {
        self.buffer.clear();
        self.io.write_all(&self.request)?;
        let mut chunk = [0; 16 * 1_024];
        while response_length(&self.buffer).is_none() {
            let length = self.io.read(&mut chunk)?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.buffer.extend_from_slice(&chunk[..length]);
        }
        Ok(String::from_utf8_lossy(&self.buffer[9..12]).into_owned())
    }

    /// Nanoseconds that all threads of the server were on a processor.
    fn processor_time(&self) -> io::Result<u64> {
        let mut sum = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            // A thread that reads files can end meanwhile.
            let text = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            let time = text.split(' ').next().and_then(|time| time.parse().ok());
            sum += time.unwrap_or(0);
        }
        Ok(sum)
    }

    /// Nanoseconds on a processor for one of many requests.
    fn round(&mut self) -> io::Result<f64> {
        let before = self.processor_time()?;
        for _ in 0..REQUESTS {
            self.exchange()?;
        }
        Ok((self.processor_time()? - before) as f64 / f64::from(REQUESTS))
    }
}

fn this(stack: Stack, case: &Case, files: &Path) -> io::Result<(Child, u16)> {
    let mut process = Command::new(env::current_exe()?)
        .args([SERVE, stack.name(), case.name])
        .env("END_TO_END_FILES", files)
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = process.stdout.take().expect("it is piped");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((process, expect(line.trim().parse(), "the port of a server")))
}

fn nginx(files: &Path) -> io::Result<(Child, u16)> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let at = files.display();
    let settings = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log;
        events {{}}
        http {{
            access_log off; keepalive_requests 100000000; types {{}} default_type text/html;
            client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;
            uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5;
            server {{ listen 127.0.0.1:{port}; root {at}; }}
        }}"
    );
    let file = files.join("nginx.conf");
    fs::write(&file, settings)?;
    let process = Command::new("nginx")
        .arg("-c")
        .arg(file)
        .arg("-e")
        .arg(files.join("error.log"))
        .stderr(Stdio::null())
        .spawn()?;
    Ok((process, port))
}

/// Returns what nginx says of its version, if it is installed.
pub(crate) fn nginx_version() -> Option<String> {
    let output = Command::new("nginx").arg("-v").output().ok()?;
    let version = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(version.trim().rsplit_once(": ")?.1.to_owned())
}

/// nginx does not say when it listens.
fn connect(port: u16) -> io::Result<TcpStream> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    for _ in 0..100 {
        match TcpStream::connect(address) {
            Ok(io) => return Ok(io),
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    }
    TcpStream::connect(address)
}

/// Measures all servers in turns.
pub(crate) fn measure() -> io::Result<Vec<Loopback>> {
    let files = env::temp_dir().join(format!("tower-conditional-{}", process::id()));
    fs::create_dir_all(&files)?;
    fs::write(files.join("page"), super::cases::PAGE)?;
    // Servers do not trust the date of a file that has just been written.
    thread::sleep(Duration::from_secs(2));
    let mut rows = Vec::new();
    for case in CASES {
        rows.extend(measure_case(&case_named(case), &files)?);
    }
    fs::remove_dir_all(files)?;
    Ok(rows)
}

fn measure_case(case: &Case, files: &Path) -> io::Result<Vec<Loopback>> {
    let mut servers = Vec::new();
    for stack in Stack::ALL {
        if stack.serves_files() && case.method != http::Method::GET {
            continue;
        }
        match Server::start(stack, case, files) {
            Ok(server) => servers.push((stack, server, Vec::new())),
            // Not every machine has nginx.
            Err(error) if stack == Stack::Nginx => eprintln!("without nginx: {error}"),
            Err(error) => return Err(error),
        }
    }
    for round in 0..=ROUNDS {
        for (_, server, times) in &mut servers {
            let time = server.round()?;
            // The first round warms up.
            if round > 0 {
                times.push(time);
            }
        }
    }
    let base = servers.iter().find(|(stack, ..)| stack.name() == BASE);
    let base = base.map(|(.., times)| times.clone()).unwrap_or_default();
    let rows = servers.iter().map(|(stack, _, times)| Loopback {
        stack: stack.name().to_owned(),
        case: case.name.to_owned(),
        nanoseconds: times.clone(),
        ratios: times
            .iter()
            .zip(&base)
            .map(|(time, base)| time / base)
            .collect(),
    });
    Ok(rows.collect())
}
