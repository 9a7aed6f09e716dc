/*
 * The folder of a root file system: which files say what is installed.
 *
 * Links are resolved here, inside the folder: "/usr/lib/os-release" in an image is the image's and
 * never the one of this machine.
 */
#define _GNU_SOURCE /* readlink, lstat */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/input.h"
#include "sbom/read/package_db.h"
#include "sbom/read/rpm_db.h"

#define STATUS_D "var/lib/dpkg/status.d"

enum { PATH_LENGTH_MAX = 64 * 1024, LINKS_MAX = 40 };

struct rootfs {
	struct tu_sbom_rewrite *r;
	struct tu_sbom_package_db db;
	struct tu_str root;
	const char *opkg_info; /* the folder of opkg's control files; NULL: not known yet */
	size_t found; /* of anything */
	size_t databases; /* of packages, read or not */
};

/* ---- paths ---- */

/* The steps of a path that were taken, and those to come. */
struct way {
	struct tu_buf taken; /* root and steps, no NUL */
	struct tu_buf ahead;
	size_t root_len;
	size_t links;
	size_t after_link; /* what was to come after the latest link */
	int problem; /* errno of why it leads nowhere; 0: there is nothing of this name */
};

static bool set_ahead(struct way *way, struct tu_str first, struct tu_str rest)
{
	struct tu_buf ahead;

	tu_buf_init(&ahead, PATH_LENGTH_MAX);
	tu_buf_str_add(&ahead, first);
	if (first.len)
		tu_buf_byte(&ahead, '/');
	tu_buf_str_add(&ahead, rest);
	tu_buf_done(&way->ahead);
	way->ahead = ahead;
	return !ahead.failed;
}

static const char *terminated(struct tu_buf *path)
{
	tu_buf_byte(path, '\0');
	if (!path->failed)
		path->len--;
	return path->failed ? "" : path->ptr;
}

/* Follow the link that `taken` names: an absolute one begins at the root again. */
static bool follow(struct way *way, size_t before, struct tu_str rest)
{
	char target[4096];
	ssize_t len = readlink(terminated(&way->taken), target, sizeof(target));

	if (len < 0 || (size_t)len == sizeof(target) || ++way->links > LINKS_MAX) {
		way->problem = len < 0 ? errno : ELOOP;
		return false;
	}
	way->after_link = rest.len;
	way->taken.len = target[0] == '/' ? way->root_len : before;
	return set_ahead(way, tu_str_of(target, (size_t)len), rest);
}

static void step_up(struct way *way)
{
	while (way->taken.len > way->root_len && way->taken.ptr[--way->taken.len] != '/')
		;
}

/* One step; false when it leads nowhere. */
static bool take_step(struct way *way, struct tu_str step, struct tu_str rest)
{
	size_t before = way->taken.len;
	struct stat info;

	if (step.len == 0 || tu_str_eq(step, TU_STR(".")))
		return set_ahead(way, TU_STR(""), rest);
	if (tu_str_eq(step, TU_STR(".."))) {
		step_up(way);
		return set_ahead(way, TU_STR(""), rest);
	}
	tu_buf_byte(&way->taken, '/');
	tu_buf_str_add(&way->taken, step);
	if (way->taken.failed)
		return false;
	if (lstat(terminated(&way->taken), &info) != 0) {
		/* Nothing there is no problem, unless a link says that there is something. */
		if ((errno != ENOENT && errno != ENOTDIR) ||
			(way->links && rest.len >= way->after_link))
			way->problem = errno;
		return false;
	}
	return S_ISLNK(info.st_mode) ? follow(way, before, rest) : set_ahead(way, TU_STR(""), rest);
}

/* The real path of something below the root, in `out` with a NUL after it. False: there is none;
 * *out_problem is the errno of what hides it, or 0 where there is nothing. */
static bool resolve(const struct rootfs *fs, const char *path, struct tu_buf *out, int *out_problem)
{
	struct way way = {.root_len = fs->root.len};
	struct tu_str rest = tu_str_c(path);
	bool good;

	tu_buf_init(&way.taken, PATH_LENGTH_MAX);
	tu_buf_init(&way.ahead, PATH_LENGTH_MAX);
	tu_buf_str_add(&way.taken, fs->root);
	good = set_ahead(&way, TU_STR(""), rest);
	while (good && way.ahead.len) {
		struct tu_str ahead = tu_buf_str(&way.ahead);
		struct tu_str step = tu_str_first(ahead, tu_str_find(ahead, '/'));
		struct tu_buf copy;

		rest = tu_str_from(ahead, step.len + 1);
		/* The rest is copied again with each step: paths are short. */
		tu_buf_init(&copy, PATH_LENGTH_MAX);
		tu_buf_str_add(&copy, step);
		good = !copy.failed && take_step(&way, tu_buf_str(&copy), rest);
		tu_buf_done(&copy);
	}
	good = good && !way.taken.failed;
	*out_problem = good ? 0 : way.problem;
	tu_buf_clear(out);
	tu_buf_str_add(out, tu_buf_str(&way.taken));
	tu_buf_byte(out, '\0');
	tu_buf_done(&way.taken);
	tu_buf_done(&way.ahead);
	return good && !out->failed;
}

/* ---- files ---- */

static enum tu_status note_unread(
	struct rootfs *fs, const char *path, const struct tu_error *problem)
{
	char text[TU_ERROR_TEXT_MAX];

	return tu_sbom__rewrite_note(fs->r, 0, tu_str_c(path),
		"not read:", tu_str_c(tu_error_text(problem, text, sizeof(text))));
}

static enum tu_status note_hidden(struct rootfs *fs, const char *path, const char *why)
{
	return tu_sbom__rewrite_note(fs->r, 0, tu_str_c(path), "not read:", tu_str_c(why));
}

/* The words for an errno; of a link that leads nowhere, "No such file" would be misread. */
static const char *words_of(int problem)
{
	return problem == ENOENT || problem == ENOTDIR ? "a link that leads nowhere"
						       : strerror(problem);
}

static bool is_file(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Something that is not a file where a file belongs. */
static enum tu_status note_no_file(struct rootfs *fs, const char *path)
{
	return note_hidden(fs, path, "not a regular file");
}

static enum tu_status load_real(
	struct rootfs *fs, const char *path, const char *real, struct tu_str *out_text)
{
	struct tu_error problem = {0};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, tu_sbom__rewrite_ceiling(fs->r->limits));
	status = tu_input_read(real, &text, &problem);
	if (!status && !tu_arena_dup(fs->r->scratch, tu_buf_str(&text), out_text))
		status = tu_sbom__rewrite_nomem(fs->r);
	else if (status && status != TU_E_NOMEM)
		status = note_unread(fs, path, &problem);
	tu_buf_done(&text);
	return status;
}

/* Read a file into the scratch arena; *out_text has a NULL pointer when there is none, or when it
 * cannot be read, which a note says. *out_there: it is there, read or not. */
static enum tu_status load(
	struct rootfs *fs, const char *path, struct tu_str *out_text, bool *out_there)
{
	struct tu_buf real;
	enum tu_status status = TU_OK;
	int problem;
	bool found;

	*out_text = (struct tu_str){NULL, 0};
	tu_buf_init(&real, PATH_LENGTH_MAX);
	found = resolve(fs, path, &real, &problem);
	*out_there = found || problem;
	if (problem)
		status = note_hidden(fs, path, words_of(problem));
	else if (found && !is_file(real.ptr))
		status = note_no_file(fs, path);
	else if (found)
		status = load_real(fs, path, real.ptr, out_text);
	tu_buf_done(&real);
	return status;
}

struct source {
	const char *path;
	const char *info; /* a folder with a file for each package, or NULL */
	enum tu_status (*read)(struct tu_sbom_package_db *db, struct tu_str text);
};

/* *out_found: it is there, also where it could not be read. */
static enum tu_status read_source(
	struct rootfs *fs, const struct source *source, const char *path, bool *out_found)
{
	struct tu_str text;
	enum tu_status status = load(fs, path, &text, out_found);

	fs->found += *out_found;
	if (status || !text.ptr)
		return status;
	fs->opkg_info = source->info;
	if (tu_str_trim(text).len == 0)
		return tu_sbom__rewrite_note(fs->r, 0, tu_str_c(path),
			"an empty file: what it should list is not known", TU_STR(""));
	return source->read(&fs->db, text);
}

/* The first one that is there; each is one name of the same thing. */
static enum tu_status read_first(struct rootfs *fs, const struct source *sources, size_t count)
{
	enum tu_status status = TU_OK;
	bool found = false;

	for (size_t i = 0; !status && !found && i < count; i++)
		status = read_source(fs, &sources[i], sources[i].path, &found);
	return status;
}

/* ---- folders ---- */

/* Call for each name in a folder below the root. */
static enum tu_status each_name(struct rootfs *fs, const char *folder,
	enum tu_status (*visit)(void *context, const char *name))
{
	struct tu_buf real;
	enum tu_status status = TU_OK;
	int problem;

	tu_buf_init(&real, PATH_LENGTH_MAX);
	if (resolve(fs, folder, &real, &problem)) {
		/* What cannot be listed looks empty to the next line. */
		problem = access(real.ptr, R_OK | X_OK) == 0 ? 0 : errno;
		if (!problem)
			status = tu_input_each_name(real.ptr, visit, fs);
	}
	if (!status && problem)
		status = note_hidden(fs, folder, words_of(problem));
	tu_buf_done(&real);
	return status;
}

/* Images without dpkg list each package in a file of its own. */
static enum tu_status visit_status_d(void *context, const char *name)
{
	struct rootfs *fs = context;
	static const struct source source = {NULL, NULL, tu_sbom__db_dpkg};
	struct tu_buf path;
	enum tu_status status = TU_OK;
	bool found;

	if (tu_str_ends(tu_str_c(name), TU_STR(".md5sums")))
		return TU_OK;
	tu_buf_init(&path, PATH_LENGTH_MAX);
	tu_buf_printf(&path, STATUS_D "/%s", name);
	tu_buf_byte(&path, '\0');
	if (path.failed)
		status = tu_sbom__rewrite_nomem(fs->r);
	else
		status = read_source(fs, &source, path.ptr, &found);
	fs->databases++;
	tu_buf_done(&path);
	return status;
}

static enum tu_status visit_kernel(void *context, const char *name)
{
	struct rootfs *fs = context;
	struct tu_str release;

	if (!tu_arena_dup(fs->r->scratch, tu_str_c(name), &release))
		return tu_sbom__rewrite_nomem(fs->r);
	fs->found++;
	return tu_sbom__db_kernel(&fs->db, release);
}

/* opkg's "info/NAME.control" of a package. */
static enum tu_status load_control(void *context, struct tu_str package, struct tu_str *out_text)
{
	struct rootfs *fs = context;
	struct tu_buf path;
	enum tu_status status = TU_OK;
	bool there;

	*out_text = (struct tu_str){NULL, 0};
	/* A name with a slash would lead to another folder. */
	if (!fs->opkg_info || tu_str_find(package, '/') < package.len || !package.len)
		return TU_OK;
	tu_buf_init(&path, PATH_LENGTH_MAX);
	tu_buf_printf(&path, "%s/%.*s.control", fs->opkg_info, TU_STR_FMT(package));
	tu_buf_byte(&path, '\0');
	if (path.failed)
		status = tu_sbom__rewrite_nomem(fs->r);
	else
		status = load(fs, path.ptr, out_text, &there);
	tu_buf_done(&path);
	return status;
}

/* ---- databases of rpm ---- */

static const char *const rpm_folders[] = {"var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"};
static const struct tu_sbom_rpm_form rpm_forms[] = {
	{"rpmdb.sqlite", "sqlite"}, {"Packages.db", "ndb"}, {"Packages", "bdb_ro"}};

/* Folders are often links to one another: the files that were looked at. */
struct rpm_search {
	struct tu_str seen[TU_COUNT(rpm_folders) * TU_COUNT(rpm_forms)];
	size_t seen_count;
	struct tu_str read; /* the database that was read; empty: none yet */
};

static enum tu_status note_rpm(
	struct rootfs *fs, const char *path, const char *what, const char *why)
{
	char text[TU_SBOM_RPM_WHY_MAX + 64];

	(void)snprintf(text, sizeof(text), "a database of rpm (%s)", why);
	return tu_sbom__rewrite_note(fs->r, 0, tu_str_c(path), what, tu_str_c(text));
}

static const char missing_packages[] =
	"not read: its packages are missing here, and nothing is known of them:";

/* The packages of one database, or why there are none. */
static enum tu_status read_rpm(struct rootfs *fs, const struct tu_sbom_rpm_form *form,
	const char *path, struct tu_buf *real, bool *out_read)
{
	char why[TU_SBOM_RPM_WHY_MAX] = "";
	enum tu_sbom_rpm_outcome outcome;
	enum tu_status status = TU_OK;
	struct tu_str kept;
	struct tu_buf text;

	tu_buf_init(&text, tu_sbom__rewrite_ceiling(fs->r->limits));
	outcome = tu_sbom__rpm_read(form, real->ptr, &text, why);
	*out_read = outcome != TU_SBOM_RPM_UNREAD;
	if (outcome == TU_SBOM_RPM_UNREAD)
		status = note_rpm(fs, path, missing_packages, why);
	else if (!tu_arena_dup(fs->r->scratch, tu_buf_str(&text), &kept))
		status = tu_sbom__rewrite_nomem(fs->r);
	else
		status = tu_sbom__db_rpm(&fs->db, kept);
	if (!status && outcome == TU_SBOM_RPM_IN_PART)
		status = note_rpm(
			fs, path, "read in part: some of its packages are missing here:", why);
	tu_buf_done(&text);
	return status;
}

static bool was_seen(const struct rpm_search *search, struct tu_str real)
{
	for (size_t i = 0; i < search->seen_count; i++) {
		if (tu_str_eq(search->seen[i], real))
			return true;
	}
	return false;
}

/* A second database is what remains of an update or a conversion. */
static enum tu_status look_at_rpm(struct rootfs *fs, struct rpm_search *search,
	const struct tu_sbom_rpm_form *form, const char *path, struct tu_buf *real)
{
	struct tu_str kept;
	bool read = false;
	enum tu_status status;

	if (was_seen(search, tu_buf_str(real)))
		return TU_OK;
	if (!tu_arena_dup(fs->r->scratch, tu_buf_str(real), &kept))
		return tu_sbom__rewrite_nomem(fs->r);
	search->seen[search->seen_count++] = kept;
	if (!is_file(real->ptr))
		return note_rpm(fs, path, missing_packages, "not a regular file");
	if (search->read.len)
		return tu_sbom__rewrite_note(fs->r, 0, tu_str_c(path),
			"not read: a database of rpm besides the one that was read:",
			tu_str_from(search->read, fs->root.len + 1));
	status = read_rpm(fs, form, path, real, &read);
	if (read)
		search->read = kept;
	return status;
}

static enum tu_status visit_rpm(struct rootfs *fs, struct rpm_search *search,
	const struct tu_sbom_rpm_form *form, const char *folder)
{
	enum tu_status status = TU_OK;
	struct tu_buf path, real;
	int problem = 0;
	bool there;

	tu_buf_init(&path, PATH_LENGTH_MAX);
	tu_buf_init(&real, PATH_LENGTH_MAX);
	tu_buf_printf(&path, "%s/%s", folder, form->file);
	tu_buf_byte(&path, '\0');
	there = !path.failed && resolve(fs, path.ptr, &real, &problem);
	if (there || problem) {
		fs->found++;
		fs->databases++;
	}
	if (path.failed)
		status = tu_sbom__rewrite_nomem(fs->r);
	else if (problem)
		status = note_rpm(fs, path.ptr, missing_packages, words_of(problem));
	else if (there)
		status = look_at_rpm(fs, search, form, path.ptr, &real);
	tu_buf_done(&path);
	tu_buf_done(&real);
	return status;
}

static enum tu_status read_rpms(struct rootfs *fs)
{
	struct rpm_search search = {0};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(rpm_forms) * TU_COUNT(rpm_folders); i++)
		status = visit_rpm(fs, &search, &rpm_forms[i / TU_COUNT(rpm_folders)],
			rpm_folders[i % TU_COUNT(rpm_folders)]);
	return status;
}
/* ---- databases that are not read ---- */

/* Where other package managers keep what is installed. */
static const struct {
	const char *path;
	const char *what;
} unread[] = {
	{"var/lib/pacman/local", "a database of pacman"},
	{"var/db/pkg", "a database of Portage"},
	{"var/db/xbps", "a database of XBPS"},
	{"nix/var/nix/db/db.sqlite", "a database of Nix"},
	{"var/guix/db/db.sqlite", "a database of Guix"},
	{"var/lib/flatpak/app", "applications of Flatpak"},
	{"var/lib/snapd/snaps", "packages of snapd"},
};

static enum tu_status name_unread(struct rootfs *fs)
{
	enum tu_status status = TU_OK;
	struct tu_buf real;
	int problem;

	tu_buf_init(&real, PATH_LENGTH_MAX);
	for (size_t i = 0; !status && i < TU_COUNT(unread); i++) {
		if (!resolve(fs, unread[i].path, &real, &problem) && !problem)
			continue;
		fs->found++;
		fs->databases++;
		status = tu_sbom__rewrite_note(fs->r, 0, tu_str_c(unread[i].path), missing_packages,
			tu_str_c(unread[i].what));
	}
	tu_buf_done(&real);
	return status;
}

/* ---- the whole ---- */

static const struct source os_release[] = {
	{"etc/os-release", NULL, tu_sbom__db_os_release},
	{"usr/lib/os-release", NULL, tu_sbom__db_os_release},
};
static const struct source dpkg_status[] = {{"var/lib/dpkg/status", NULL, tu_sbom__db_dpkg}};
static const struct source apk_installed[] = {
	{"lib/apk/db/installed", NULL, tu_sbom__db_apk},
	{"usr/lib/apk/db/installed", NULL, tu_sbom__db_apk},
};
static const struct source opkg_status[] = {
	{"var/lib/opkg/status", "var/lib/opkg/info", tu_sbom__db_opkg},
	{"usr/lib/opkg/status", "usr/lib/opkg/info", tu_sbom__db_opkg},
};

static enum tu_status read_databases(struct rootfs *fs)
{
	size_t before = fs->found;
	enum tu_status status = read_first(fs, dpkg_status, TU_COUNT(dpkg_status));

	if (!status)
		status = each_name(fs, STATUS_D, visit_status_d);
	if (!status)
		status = read_first(fs, apk_installed, TU_COUNT(apk_installed));
	if (!status)
		status = read_first(fs, opkg_status, TU_COUNT(opkg_status));
	fs->databases += fs->found - before;
	if (!status)
		status = read_rpms(fs);
	return status ? status : name_unread(fs);
}

static enum tu_status read_all(struct rootfs *fs)
{
	enum tu_status status = read_first(fs, os_release, TU_COUNT(os_release));

	if (!status)
		status = read_databases(fs);
	if (!status)
		status = each_name(fs, "lib/modules", visit_kernel);
	if (!status && fs->found == 0)
		status = tu_fail(fs->r->err, TU_E_NOTFOUND, 0,
			"%.*s: no package database, os-release or kernel in this folder",
			TU_STR_FMT(fs->root));
	if (!status && fs->databases == 0)
		status = tu_sbom__rewrite_note(fs->r, 0, TU_STR(""),
			"no package database was found: what else is installed is not known",
			TU_STR(""));
	return status;
}

/* `path` is the folder's. */
static enum tu_status rewrite_rootfs(struct tu_sbom_rewrite *r, struct tu_str path)
{
	struct rootfs fs = {.r = r, .root = path};
	enum tu_status status;

	r->format = TU_SBOM_ROOTFS;
	r->spec_version = TU_STR("1");
	while (fs.root.len > 1 && fs.root.ptr[fs.root.len - 1] == '/')
		fs.root.len--;
	tu_sbom__db_init(&fs.db, r);
	fs.db.control = (struct tu_sbom_package_file){load_control, &fs};
	status = read_all(&fs);
	if (!status)
		status = tu_sbom__db_write(&fs.db);
	tu_sbom__db_done(&fs.db);
	return status;
}

enum tu_status tu_sbom_read_rootfs(struct tu_arena *arena, const char *path,
	const struct tu_sbom_limits *limits, const struct tu_inventory **out_inventory,
	struct tu_error *err)
{
	struct stat info;

	if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
		return tu_fail(err, TU_E_NOTFOUND, 0, "%s: no such folder", path);
	return tu_sbom__read_source(
		arena, limits, rewrite_rootfs, tu_str_c(path), out_inventory, err);
}
