//! A server as a process of its own, with a folder of its own; both are gone when it is dropped.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, SystemTime},
};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A new folder, deleted when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    #[expect(clippy::new_without_default, reason = "it creates a folder")]
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tower-conditional-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        // A server that is started by root may serve as somebody else.
        folder.open(&folder.0);
        folder
    }

    /// Writes a file that is some time old, for anybody to change.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        let parent = path.parent().unwrap();
        fs::create_dir_all(parent).unwrap();
        self.open(parent);
        fs::write(&path, content).unwrap();
        self.open(&path);
        let file = fs::File::options().write(true).open(&path).unwrap();
        let old = SystemTime::now() - Duration::from_secs(4000);
        file.set_modified(old).unwrap();
        path
    }

    #[cfg(unix)]
    fn open(&self, path: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let mode = if path.is_dir() { 0o777 } else { 0o666 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn open(&self, _: &Path) {}

    /// Returns the path of a file of this name.
    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A server may still be writing its log.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server, stopped when it is dropped.
pub struct Daemon {
    child: Child,
    pub port: u16,
    _folder: Folder,
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Daemon {
    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Starts a program with its configuration as the last argument, and its folder as its home.
    #[track_caller]
    pub fn configured(
        program: &str,
        arguments: &[&str],
        port: u16,
        folder: Folder,
        configuration: &str,
    ) -> Self {
        let file = folder.file("configuration", configuration);
        let mut command = Command::new(program);
        command.args(arguments).arg(&file).current_dir(&folder.0);
        command
            .env("HOME", &folder.0)
            .env("XDG_DATA_HOME", &folder.0);
        Self::start(command, port, folder)
    }

    /// Starts a program that stays in the foreground, and waits until it accepts connections.
    #[track_caller]
    pub fn start(mut command: Command, port: u16, folder: Folder) -> Self {
        let log = fs::File::create(folder.path("stderr")).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut daemon = Self {
            child,
            port,
            _folder: folder,
        };
        let began = SystemTime::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = daemon.child.try_wait().unwrap();
            let late = began.elapsed().unwrap() > PATIENCE;
            if late || ended.is_some() {
                let log = fs::read_to_string(daemon._folder.path("stderr"));
                panic!(
                    "{command:?} does not start: {ended:?}, {}",
                    log.unwrap_or_default()
                );
            }
            sleep(Duration::from_millis(50));
        }
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // SIGTERM, so that it ends the processes that it has started.
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-s", "TERM", &pid]).status();
        if asked.is_ok_and(|status| status.success()) {
            for _ in 0..60 {
                if let Ok(Some(_)) = self.child.try_wait() {
                    return;
                }
                sleep(Duration::from_millis(50));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
