//! The lake: date-partitioned Parquet in a folder, in S3 or in memory.
//!
//! A partition is one object and publishing it is one atomic put, so that no reader ever sees half of one. The lake is all the state
//! there is: watermarks and fingerprints stand in the footers of its files. Only this folder names `object_store`, `parquet` and `polars`.

mod compare;
mod file;
mod guard;
mod layout;
mod merge;
mod pins;
mod reading;
mod recent;
mod staging;
mod standing;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use almanac_collectors::table::{Table, from_batch};
use arrow::array::RecordBatch;
use bytes::Bytes;
use chrono::NaiveDate;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem, memory::InMemory,
    path::Path as Key, prefix::PrefixStore,
};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use ulid::Ulid;
use url::Url;

pub use self::{
    compare::{Change, Snapshot, What},
    file::{Footer, write_parquet},
    guard::Guard,
    staging::{Published, TableRun},
};

use self::{layout::Published as Kind, pins::Pins};

/// Requests to the store in flight at once.
const CONCURRENCY: usize = 16;
/// A file up to this size is sent in one request; a larger one in parts that become visible together.
const ONE_PUT: u64 = 16 << 20;
/// The size of such a part.
const PART: usize = 8 << 20;

/// A lake.
#[derive(Clone, Debug)]
pub struct Lake {
    store: Arc<dyn ObjectStore>,
    url: String,
    /// The folder itself, for a lake that is one.
    folder: Option<PathBuf>,
    /// Where copies of remote objects are kept.
    cache: PathBuf,
    /// Keeps the files of a folder as they are while they are read.
    pins: Option<Arc<Pins>>,
}

/// One published object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its place in the lake.
    pub key: String,
    /// The partition it is in.
    pub date: Option<NaiveDate>,
    /// Its size [bytes].
    pub size: u64,
    /// Changes whenever the object is replaced.
    pub version: String,
}

/// Everything that is published, from one listing; objects are sorted by key.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// By full name of the table.
    pub raw: BTreeMap<String, Vec<Object>>,
    /// By name of the model.
    pub marts: BTreeMap<String, Vec<Object>>,
}

/// What went wrong with the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The address is not one of a lake.
    #[error("`{url}` is not the address of a lake: {reason}")]
    Address {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing is there to be read.
    #[error("there is no lake at `{url}`")]
    Missing {
        /// The address.
        url: String,
    },
    /// Nothing can be written there.
    #[error("the lake `{url}` cannot be written")]
    Unwritable {
        /// The address.
        url: String,
        /// The store's answer.
        #[source]
        source: object_store::Error,
    },
    /// The store did not do what it was asked.
    #[error("could not {what} `{key}`")]
    Store {
        /// What it was asked.
        what: &'static str,
        /// The object.
        key: String,
        /// Its answer.
        #[source]
        source: object_store::Error,
    },
    /// A file is not readable Parquet, or rows do not fit their table.
    #[error("could not {what} the Parquet file `{key}`")]
    Parquet {
        /// What was tried.
        what: &'static str,
        /// The file.
        key: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The local disk failed.
    #[error("could not {what} `{}`", path.display())]
    Disk {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

impl LakeError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Address { .. } => Some("set `[lake] url` (or --lake) to a folder, `file:///…` or `s3://bucket/prefix`".to_owned()),
            Self::Unwritable { url, .. } if url.starts_with("s3:") => Some(
                "check the bucket's name, and that the credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the machine's role) allow \
                 s3:PutObject, s3:GetObject, s3:ListBucket and s3:DeleteObject; for another S3 set AWS_ENDPOINT_URL"
                    .to_owned(),
            ),
            Self::Unwritable { .. } => Some("check the permissions of the folder and the free space, or set `[lake] url`".to_owned()),
            Self::Parquet { key, .. } => Some(format!("remove `{key}` if it was not written by Almanac, or run again for its date")),
            Self::Store { what: "write", .. } | Self::Disk { .. } => {
                Some("check the free space and the permissions there; what was published before is untouched".to_owned())
            }
            Self::Store { .. } => {
                Some("check `[lake] url` (or --lake), and for S3 the endpoint and the credentials (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …)".to_owned())
            }
            Self::Missing { .. } => Some("check `[lake] url` (or --lake); `almanac collect` makes a lake where there is none".to_owned()),
        }
    }
}

impl Lake {
    /// Opens a lake that is there already: whoever only reads makes no folder, least of all one whose name is misspelt.
    ///
    /// # Errors
    /// When the address is none, or there is no such folder.
    pub fn open_existing(url: &str, cache: &Path) -> Result<Self, LakeError> {
        let parsed = parse(url)?;
        if parsed.scheme() == "file" && !parsed.to_file_path().is_ok_and(|folder| folder.is_dir()) {
            return Err(LakeError::Missing { url: url.to_owned() });
        }
        Self::open(url, cache)
    }

    /// Opens a lake: a folder, `file:///…`, `s3://bucket/prefix`, or `memory:`. Nothing is read or written yet.
    ///
    /// S3 takes its endpoint, region and credentials from the usual variables (`AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, …)
    /// or the machine's role, and addresses buckets by path.
    ///
    /// # Errors
    /// When the address is none, or the folder cannot be made.
    pub fn open(url: &str, cache: &Path) -> Result<Self, LakeError> {
        let address = |reason: String| LakeError::Address { url: url.to_owned(), reason };
        let parsed = parse(url)?;
        match parsed.scheme() {
            "file" => {
                let folder = parsed.to_file_path().map_err(|()| address("not a path".to_owned()))?;
                let unwritable = |source| LakeError::Unwritable { url: url.to_owned(), source };
                std::fs::create_dir_all(&folder)
                    .map_err(|source| unwritable(object_store::Error::Generic { store: "folder", source: source.into() }))?;
                let store = LocalFileSystem::new_with_prefix(&folder).map_err(unwritable)?.with_automatic_cleanup(true);
                let folder = folder.canonicalize().unwrap_or(folder);
                Ok(Self { store: Arc::new(store), url: url.to_owned(), folder: Some(folder), cache: cache.to_owned(), pins: None })
            }
            "s3" => {
                // The client takes whatever provider of cryptography the process has; it is ours unless somebody chose before.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let bucket = parsed.host_str().ok_or_else(|| address("no bucket".to_owned()))?;
                let plain_http = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|endpoint| endpoint.starts_with("http://"));
                let store = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .with_allow_http(plain_http)
                    .build()
                    .map_err(|error| address(error.to_string()))?;
                let prefix = parsed.path().trim_matches('/').to_owned();
                Ok(Self {
                    store: Arc::new(PrefixStore::new(store, prefix)),
                    url: url.to_owned(),
                    folder: None,
                    cache: cache.to_owned(),
                    pins: None,
                })
            }
            "memory" => {
                Ok(Self { store: Arc::new(InMemory::new()), url: url.to_owned(), folder: None, cache: cache.to_owned(), pins: None })
            }
            other => Err(address(format!("`{other}:` is not supported"))),
        }
    }

    /// The address it was opened with.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The lake for as long as files of it are read: what [`Lake::local`] gives stays as it is, whatever is published meanwhile. Copies of
    /// remote objects do so anyway; files of a folder are held by a second name.
    #[must_use]
    pub fn pinned(&self) -> Self {
        Self { pins: self.folder.as_deref().and_then(Pins::new).map(Arc::new), ..self.clone() }
    }

    /// Proves that the lake can be written, before any work is done for it.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check_writable(&self) -> Result<(), LakeError> {
        let key = Key::from(format!("staging/probe-{}", Ulid::new()));
        let unwritable = |source| LakeError::Unwritable { url: self.url.clone(), source };
        self.store.put(&key, PutPayload::from_static(b"")).await.map_err(unwritable)?;
        self.store.delete(&key).await.map_err(unwritable)
    }

    /// Everything that is published.
    ///
    /// # Errors
    /// When the store does not list it.
    pub async fn listing(&self) -> Result<Listing, LakeError> {
        let mut listing = Listing::default();
        for folder in [layout::RAW, layout::MARTS] {
            for object in self.list(folder).await? {
                match layout::published(&object.key) {
                    Some((Kind::Raw(table), date)) => listing.raw.entry(table).or_default().push(Object { date, ..object }),
                    Some((Kind::Mart(model), date)) => listing.marts.entry(model).or_default().push(Object { date, ..object }),
                    None => {}
                }
            }
        }
        Ok(listing)
    }

    /// All objects in a folder, sorted by key.
    async fn list(&self, folder: &str) -> Result<Vec<Object>, LakeError> {
        let objects = self.store.list(Some(&Key::from(folder))).map_ok(|meta| Object {
            key: meta.location.to_string(),
            date: None,
            size: meta.size,
            version: meta.e_tag.unwrap_or_else(|| format!("{}-{}", meta.last_modified.timestamp_micros(), meta.size)),
        });
        let mut objects: Vec<_> = objects.try_collect().await.map_err(|source| store_error("list", folder, source))?;
        objects.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(objects)
    }

    /// Local paths of objects, in order: the files themselves, or copies that are fetched once for each version of an object.
    ///
    /// # Errors
    /// When one cannot be fetched.
    pub async fn local(&self, objects: &[Object]) -> Result<Vec<PathBuf>, LakeError> {
        stream::iter(objects.iter().cloned()).map(|object| self.local_path(object)).buffered(CONCURRENCY).try_collect().await
    }

    async fn local_path(&self, object: Object) -> Result<PathBuf, LakeError> {
        // The version is a folder above the key, so that the path still ends in `date=…/file.parquet`.
        let version = Sha256::digest(format!("{} {} {}", self.url, object.key, object.version));
        let copy = PathBuf::from(hex(&version[..8])).join(&object.key);
        if let Some(folder) = &self.folder {
            let file = folder.join(&object.key);
            return Ok(self.pins.as_ref().and_then(|pins| pins.hold(&file, &copy)).unwrap_or(file));
        }
        let path = self.cache.join(copy);
        if path.exists() {
            return Ok(path);
        }
        let bytes = self.get(&object.key).await?;
        let disk = |what| move |source| LakeError::Disk { what, path: self.cache.clone(), source };
        let folder = path.parent().unwrap_or(&self.cache);
        std::fs::create_dir_all(folder).map_err(disk("create the cache"))?;
        // Two processes may fetch the same object: each writes its own file and renames it into place.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(disk("write to the cache"))?;
        std::io::Write::write_all(&mut file, &bytes).map_err(disk("write to the cache"))?;
        file.persist(&path).map_err(|error| error.error).map_err(disk("write to the cache"))?;
        Ok(path)
    }

    /// What the footers of objects say, in order.
    ///
    /// # Errors
    /// When one cannot be read.
    pub async fn footers(&self, objects: &[Object]) -> Result<Vec<Footer>, LakeError> {
        stream::iter(objects.iter().cloned()).map(|object| self.footer(object)).buffered(CONCURRENCY).try_collect().await
    }

    async fn footer(&self, object: Object) -> Result<Footer, LakeError> {
        match &self.folder {
            Some(folder) => Footer::of_file(&folder.join(&object.key)),
            None => Footer::of_object(&self.store, &object).await,
        }
    }

    /// The rows of one object.
    ///
    /// # Errors
    /// When it cannot be read, or has not the shape asked for.
    pub async fn read<T: DeserializeOwned>(&self, object: &Object) -> Result<Vec<T>, LakeError> {
        let mut rows = Vec::new();
        for path in self.local(std::slice::from_ref(object)).await? {
            let (_, reader) = file::read_file(&path)?;
            for batch in reader {
                let batch = batch.map_err(file::parquet_error("read", &object.key))?;
                let read: Vec<T> = from_batch(&batch).map_err(file::parquet_error("read", &object.key))?;
                rows.extend(read);
            }
        }
        Ok(rows)
    }

    /// The one object of a snapshot's or a window's partition; `None` where there is no partition of the date.
    ///
    /// # Errors
    /// When the store does not list it.
    pub async fn published(&self, table: &Table, date: NaiveDate) -> Result<Option<Object>, LakeError> {
        let objects = self.list(&layout::raw_date(table, date)).await?;
        Ok(objects.into_iter().next().map(|object| Object { date: Some(date), ..object }))
    }

    /// The rows of a table's partition, each file with the columns that it was written with; `None` where there is no partition of the date.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn partition(&self, table: &Table, date: NaiveDate) -> Result<Option<Vec<RecordBatch>>, LakeError> {
        let objects = self.list(&layout::raw_date(table, date)).await?;
        if objects.is_empty() {
            return Ok(None);
        }
        let mut batches = Vec::new();
        for path in self.local(&objects).await? {
            let (_, reader) = file::read_file(&path)?;
            for batch in reader {
                batches.push(batch.map_err(file::parquet_error("read", &path.display().to_string()))?);
            }
        }
        Ok(Some(batches))
    }

    /// Publishes a finished local Parquet file as a mart, or as one date of one.
    ///
    /// # Errors
    /// When the store does not take it; then the earlier one stays.
    pub async fn publish_mart(&self, model: &str, date: Option<NaiveDate>, file: &Path) -> Result<(), LakeError> {
        let file = File::open(file).map_err(|source| LakeError::Disk { what: "read", path: file.to_owned(), source })?;
        self.put_file(&layout::mart(model, date), file).await
    }

    /// Publishes rows that were made in one go, as a table's partition (or this run's part of it).
    ///
    /// # Errors
    /// When the rows do not fit the table, or the store does not take them.
    pub async fn publish_rows(&self, table: &Table, date: NaiveDate, run: Ulid, rows: &RecordBatch) -> Result<(), LakeError> {
        let key = layout::raw(table, date, run);
        let mut writer = file::Writer::published(&key, table)?;
        writer.write(rows)?;
        let spooled = writer.finish(Footer::of_partition(table, date, run, rows.num_rows()))?;
        self.put_file(&key, spooled).await
    }

    /// Removes an object.
    ///
    /// # Errors
    /// When the store does not.
    pub async fn remove(&self, object: &Object) -> Result<(), LakeError> {
        self.delete(&object.key).await
    }

    async fn get(&self, key: &str) -> Result<Bytes, LakeError> {
        let read = async { self.store.get(&Key::from(key)).await?.bytes().await };
        read.await.map_err(|source| store_error("read", key, source))
    }

    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), LakeError> {
        self.store.put(&Key::from(key), bytes.into()).await.map(drop).map_err(|source| store_error("write", key, source))
    }

    async fn delete(&self, key: &str) -> Result<(), LakeError> {
        match self.store.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(store_error("remove", key, source)),
        }
    }

    /// One atomic put of a local file, in bounded memory: either way the object is there whole or not at all.
    async fn put_file(&self, key: &str, mut file: File) -> Result<(), LakeError> {
        let disk = |source| LakeError::Disk { what: "read the spooled", path: PathBuf::from(key), source };
        let size = file.seek(SeekFrom::End(0)).map_err(disk)?;
        file.rewind().map_err(disk)?;
        if size <= ONE_PUT {
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
            file.read_to_end(&mut bytes).map_err(disk)?;
            return self.put(key, bytes.into()).await;
        }
        let upload = self.store.put_multipart(&Key::from(key)).await.map_err(|source| store_error("write", key, source))?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut part = vec![0; PART];
        loop {
            let read = file.read(&mut part).map_err(disk)?;
            if read == 0 {
                break;
            }
            upload.wait_for_capacity(2).await.map_err(|source| store_error("write", key, source))?;
            upload.write(&part[..read]);
        }
        upload.finish().await.map(drop).map_err(|source| store_error("write", key, source))
    }
}

/// The address as a URL; a plain path is one of a folder.
fn parse(url: &str) -> Result<Url, LakeError> {
    let address = |reason: String| LakeError::Address { url: url.to_owned(), reason };
    match Url::parse(url) {
        Ok(parsed) => Ok(parsed),
        Err(_) => Url::from_file_path(std::path::absolute(url).map_err(|error| address(error.to_string()))?)
            .map_err(|()| address("not a path".to_owned())),
    }
}

fn store_error(what: &'static str, key: &str, source: object_store::Error) -> LakeError {
    LakeError::Store { what, key: key.to_owned(), source }
}

/// Bytes as text in base 16.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
