//! The files that are looked for in every repository: where they are, what they are, and whether their text is worth keeping.

use serde::Deserialize;

/// A path from the root of a repository's default branch; one that ends with a slash is a folder, of which the names are read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct FilePath(String);

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Codeowners,
    PullRequestTemplate,
    SecurityPolicy,
    DependabotConfig,
    CatalogInfo,
    GoMod,
    Workflow,
    Other,
}

/// What is looked for unless the configuration says otherwise.
const USUAL: [&str; 19] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".github/pull_request_template.md",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/PULL_REQUEST_TEMPLATE/",
    "pull_request_template.md",
    "PULL_REQUEST_TEMPLATE.md",
    "docs/pull_request_template.md",
    "docs/PULL_REQUEST_TEMPLATE.md",
    ".github/SECURITY.md",
    "SECURITY.md",
    "docs/SECURITY.md",
    ".github/dependabot.yml",
    ".github/dependabot.yaml",
    "catalog-info.yaml",
    "catalog-info.yml",
    "go.mod",
    ".github/workflows/",
];

impl FilePath {
    /// What is looked for unless the configuration says otherwise.
    pub fn usual() -> Vec<Self> {
        USUAL.iter().map(|path| Self((*path).to_owned())).collect()
    }

    /// The path as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_folder(&self) -> bool {
        self.0.ends_with('/')
    }

    pub(super) fn kind(&self) -> FileKind {
        FileKind::of(&self.0)
    }
}

impl TryFrom<String> for FilePath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        let inner = path.strip_suffix('/').unwrap_or(&path);
        let is_name = |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains(char::is_control);
        if inner.split('/').all(is_name) {
            Ok(Self(path))
        } else {
            Err(format!("`{}` is no path from the root of a repository, such as `services/pay/go.mod`", path.escape_default()))
        }
    }
}

impl FileKind {
    pub(super) fn of(path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        match name {
            "codeowners" => Self::Codeowners,
            "security.md" => Self::SecurityPolicy,
            "dependabot.yml" | "dependabot.yaml" => Self::DependabotConfig,
            "catalog-info.yaml" | "catalog-info.yml" => Self::CatalogInfo,
            "go.mod" => Self::GoMod,
            _ if stem == "pull_request_template" || folder.ends_with("pull_request_template") => Self::PullRequestTemplate,
            _ if folder == ".github/workflows" && (name.ends_with(".yml") || name.ends_with(".yaml")) => Self::Workflow,
            _ => Self::Other,
        }
    }

    /// The word in a row.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Codeowners => "codeowners",
            Self::PullRequestTemplate => "pull_request_template",
            Self::SecurityPolicy => "security_policy",
            Self::DependabotConfig => "dependabot_config",
            Self::CatalogInfo => "catalog_info",
            Self::GoMod => "go_mod",
            Self::Workflow => "workflow",
            Self::Other => "other",
        }
    }

    /// Whether its text is kept: where a model reads it, and nowhere else, for free text names people in ways that nothing can mask.
    pub(super) const fn keeps_content(self) -> bool {
        matches!(self, Self::Codeowners | Self::DependabotConfig | Self::CatalogInfo | Self::GoMod)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_a_file_is() {
        for (path, kind) in [
            ("CODEOWNERS", "codeowners"),
            (".github/CODEOWNERS", "codeowners"),
            (".github/PULL_REQUEST_TEMPLATE.md", "pull_request_template"),
            ("docs/pull_request_template.txt", "pull_request_template"),
            (".github/PULL_REQUEST_TEMPLATE/fix.md", "pull_request_template"),
            ("docs/SECURITY.md", "security_policy"),
            (".github/dependabot.yaml", "dependabot_config"),
            ("catalog-info.yml", "catalog_info"),
            ("services/pay/go.mod", "go_mod"),
            (".github/workflows/ci.yml", "workflow"),
            (".github/workflows/README.md", "other"),
            ("Makefile", "other"),
        ] {
            assert_eq!(FileKind::of(path).as_str(), kind, "{path}");
        }
    }

    #[test]
    fn a_path_starts_at_the_root() {
        let parse = |path: &str| FilePath::try_from(path.to_owned());
        assert!(parse("services/pay/go.mod").is_ok_and(|path| !path.is_folder()));
        assert!(parse(".github/workflows/").is_ok_and(|path| path.is_folder()));
        for wrong in ["", "/", "/go.mod", "./go.mod", "a//b", "../go.mod", "a/../b", "a\nb", "a/."] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
        for path in FilePath::usual() {
            assert_eq!(parse(path.as_str()), Ok(path));
        }
    }
}
