//! A static file server for this machine's own browser: GET and HEAD below one folder, one thread a connection.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// A bound socket and the folder it serves.
pub struct Server {
    listener: TcpListener,
    folder: Arc<PathBuf>,
}

impl Server {
    /// Takes the first free port of `ports` on the loopback interface.
    pub fn bind(folder: &Path, ports: RangeInclusive<u16>) -> Result<Self> {
        let listener = ports
            .clone()
            .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
            .with_context(|| format!("no free port from {} to {}", ports.start(), ports.end()))?;
        let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
        Ok(Self { listener, folder: Arc::new(folder) })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.listener.local_addr().map_or(0, |address| address.port())
    }

    /// Serves until the process ends.
    pub fn serve(self) -> Result<()> {
        for stream in self.listener.incoming() {
            let folder = Arc::clone(&self.folder);
            // A connection that breaks off concerns nobody but its browser.
            thread::spawn(move || stream.and_then(|stream| answer(stream, &folder)));
        }
        Ok(())
    }

    /// Serves from a thread of its own; returns the address to open.
    pub fn serve_in_background(self) -> String {
        let url = format!("http://localhost:{}", self.port());
        thread::spawn(move || self.serve());
        url
    }
}

/// What a request comes to, apart from its body.
#[derive(Debug, PartialEq)]
enum Answer {
    File(PathBuf),
    /// A folder named without the closing slash that its relative links need.
    Redirect(String),
    NotFound,
    MethodNotAllowed,
    BadRequest,
}

fn answer(stream: TcpStream, folder: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    // No browser sends a request head of more than a few kilobytes.
    let mut reader = BufReader::new((&stream).take(16 * 1024));
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let method = request.split(' ').next().unwrap_or_default();
    respond(&stream, resolve(folder, &request), method == "HEAD")
}

/// Maps a request line to a file of `folder`, and to nothing outside of it.
fn resolve(folder: &Path, request: &str) -> Answer {
    let mut words = request.split_ascii_whitespace();
    let (Some(method), Some(target), Some(_version)) = (words.next(), words.next(), words.next()) else {
        return Answer::BadRequest;
    };
    if method != "GET" && method != "HEAD" {
        return Answer::MethodNotAllowed;
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let Some(decoded) = percent_decoded(path) else { return Answer::BadRequest };
    let mut file = folder.to_path_buf();
    for part in decoded.split('/').filter(|part| !part.is_empty() && *part != ".") {
        // A drive letter or a backslash would start anew elsewhere on Windows.
        if part == ".." || part.contains(['\\', ':', '\0']) {
            return Answer::NotFound;
        }
        file.push(part);
    }
    if file.is_dir() {
        if !path.ends_with('/') {
            return Answer::Redirect(format!("{path}/"));
        }
        file.push("index.html");
    }
    // Resolving links as well keeps a symbolic link from leading out.
    match file.canonicalize() {
        Ok(real) if real.starts_with(folder) && real.is_file() => Answer::File(real),
        _ => Answer::NotFound,
    }
}

fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn respond(mut stream: &TcpStream, answer: Answer, head_only: bool) -> io::Result<()> {
    let (status, extra) = match &answer {
        Answer::File(_) => ("200 OK", String::new()),
        Answer::Redirect(to) => ("301 Moved Permanently", format!("Location: {to}\r\n")),
        Answer::NotFound => ("404 Not Found", String::new()),
        Answer::MethodNotAllowed => ("405 Method Not Allowed", "Allow: GET, HEAD\r\n".to_string()),
        Answer::BadRequest => ("400 Bad Request", String::new()),
    };
    // `no-cache` lets the browser keep a file but ask again: a rebuilt page is never mixed with old wasm.
    let mut head = format!("HTTP/1.1 {status}\r\n{extra}Cache-Control: no-cache\r\nConnection: close\r\n");
    if let Answer::File(path) = &answer {
        let mut file = File::open(path)?;
        let length = fs::metadata(path)?.len();
        head += &format!("Content-Type: {}\r\nContent-Length: {length}\r\n\r\n", content_type(path));
        stream.write_all(head.as_bytes())?;
        if !head_only {
            io::copy(&mut file, &mut stream)?;
        }
    } else {
        head += &format!("Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n", status.len());
        stream.write_all(head.as_bytes())?;
        if !head_only {
            stream.write_all(status.as_bytes())?;
        }
    }
    Ok(())
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A folder with `site/index.html`, `site/a b.wasm`, `site/sub/index.html` and, outside, `secret`.
    fn folders(name: &str) -> (PathBuf, PathBuf) {
        let outer = std::env::temp_dir().join(format!("kr-lpr-server-{name}-{}", std::process::id()));
        let site = outer.join("site");
        fs::create_dir_all(site.join("sub")).unwrap();
        fs::write(outer.join("secret"), "secret").unwrap();
        fs::write(site.join("index.html"), "<p>hello").unwrap();
        fs::write(site.join("sub/index.html"), "<p>sub").unwrap();
        fs::write(site.join("a b.wasm"), b"\0asm").unwrap();
        (outer, site.canonicalize().unwrap())
    }

    #[test]
    fn request_lines_resolve_inside_the_folder_only() {
        let (outer, site) = folders("resolve");
        let file = |name: &str| Answer::File(site.join(name));
        let cases = [
            ("GET / HTTP/1.1", file("index.html")),
            ("HEAD /index.html?v=1 HTTP/1.1", file("index.html")),
            ("GET /a%20b.wasm HTTP/1.1", file("a b.wasm")),
            ("GET /sub/ HTTP/1.1", file("sub/index.html")),
            ("GET /sub HTTP/1.1", Answer::Redirect("/sub/".into())),
            ("GET /missing.js HTTP/1.1", Answer::NotFound),
            ("GET /../secret HTTP/1.1", Answer::NotFound),
            ("GET /sub/../../secret HTTP/1.1", Answer::NotFound),
            ("GET /%2e%2e/secret HTTP/1.1", Answer::NotFound),
            ("GET /..%5csecret HTTP/1.1", Answer::NotFound),
            ("GET /%zz HTTP/1.1", Answer::BadRequest),
            ("GET /%e HTTP/1.1", Answer::BadRequest),
            ("POST / HTTP/1.1", Answer::MethodNotAllowed),
            ("GET", Answer::BadRequest),
            ("", Answer::BadRequest),
        ];
        for (request, expected) in cases {
            assert_eq!(resolve(&site, request), expected, "{request}");
        }
        fs::remove_dir_all(outer).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out() {
        let (outer, site) = folders("links");
        std::os::unix::fs::symlink(outer.join("secret"), site.join("link")).unwrap();
        assert_eq!(resolve(&site, "GET /link HTTP/1.1"), Answer::NotFound);
        fs::remove_dir_all(outer).unwrap();
    }

    #[test]
    fn files_travel_whole_and_head_requests_without_a_body() {
        let (outer, site) = folders("travel");
        // Port 0 lets the system choose, so parallel tests do not meet.
        let server = Server::bind(&site, 0..=0).unwrap();
        let port = server.port();
        server.serve_in_background();
        let fetch = |request: &str| {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            write!(stream, "{request}\r\nHost: localhost\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        let wasm = fetch("GET /a%20b.wasm HTTP/1.1");
        assert!(wasm.starts_with("HTTP/1.1 200 OK\r\n"), "{wasm}");
        assert!(wasm.contains("Content-Type: application/wasm\r\n"), "{wasm}");
        assert!(wasm.ends_with("Content-Length: 4\r\n\r\n\0asm"), "{wasm}");
        let head = fetch("HEAD / HTTP/1.1");
        assert!(head.ends_with("Content-Length: 8\r\n\r\n"), "{head}");
        assert!(fetch("GET /nothing HTTP/1.1").starts_with("HTTP/1.1 404 Not Found\r\n"));
        fs::remove_dir_all(outer).unwrap();
    }
}
