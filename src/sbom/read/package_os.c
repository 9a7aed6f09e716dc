/* The operating system by os-release(5), and the kernels of lib/modules. */
#include <stdio.h>

#include "sbom/read/package_db.h"

/* ---- the operating system ---- */

/* Without the quotes of a shell word. */
static struct tu_str unquoted(struct tu_str value)
{
	value = tu_str_trim(value);
	if (value.len >= 2 && (value.ptr[0] == '"' || value.ptr[0] == '\'') &&
		value.ptr[value.len - 1] == value.ptr[0])
		return tu_str_of(value.ptr + 1, value.len - 2);
	return value;
}

/* openEuler names its service pack only in VERSION="22.03 (LTS-SP1)"; each has records of its own.
 * "22.03-LTS-SP1", or VERSION_ID. False: no memory. */
static bool take_release(struct tu_sbom_package_db *db, struct tu_str version)
{
	enum { LONGEST = 64 };
	struct tu_str pack = tu_str_from(version, tu_str_find(version, '(') + 1);
	struct tu_buf text;
	bool ok;

	pack = tu_str_trim(tu_str_first(pack, tu_str_find(pack, ')')));
	if (!tu_str_ieq(db->distro, TU_STR("openeuler")) || !pack.len || !db->release.len ||
		!tu_str_starts(version, db->release) || pack.len + db->release.len >= LONGEST)
		return true;
	tu_buf_init(&text, LONGEST);
	tu_buf_printf(&text, "%.*s-%.*s", TU_STR_FMT(db->release), TU_STR_FMT(pack));
	ok = !text.failed && tu_arena_dup(db->r->scratch, tu_buf_str(&text), &db->release);
	tu_buf_done(&text);
	return ok;
}

enum tu_status tu_sbom__db_os_release(struct tu_sbom_package_db *db, struct tu_str text)
{
	struct tu_json_writer *to = &db->components.to;
	struct tu_str cpe = {"", 0};
	struct tu_str version = {"", 0};
	struct tu_str line;

	while (tu_str_split(&text, '\n', &line)) {
		struct tu_str value = unquoted(tu_str_from(line, tu_str_find(line, '=') + 1));

		if (tu_str_starts(line, TU_STR("ID=")))
			db->distro = value;
		else if (tu_str_starts(line, TU_STR("VERSION_ID=")))
			db->release = value;
		else if (tu_str_starts(line, TU_STR("VERSION=")))
			version = value;
		else if (tu_str_starts(line, TU_STR("ID_LIKE=")))
			db->like = value;
		else if (tu_str_starts(line, TU_STR("CPE_NAME=")))
			cpe = value;
	}
	if (!db->distro.len)
		return tu_sbom__rewrite_note(db->r, 0, TU_STR("os-release"),
			"not understood: an os-release without ID", TU_STR(""));
	if (!take_release(db, version))
		return TU_E_NOMEM;
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("operating-system"));
	tu_json_member_str(to, "bom-ref", TU_STR("os-release"));
	tu_json_member_str(to, "name", db->distro);
	tu_json_member_opt(to, "version", db->release);
	tu_json_member_opt(to, "cpe", cpe);
	tu_json_close_object(to);
	db->component_count++;
	return TU_OK;
}

/* ---- its kernel ---- */

/* "6.1.55-yocto-standard" is 6.1.55; "6.6.0-rc3" is itself. */
static struct tu_str kernel_version(struct tu_str release)
{
	size_t len = 0;

	while (len < release.len &&
		(tu_char_is_digit(release.ptr[len]) ||
			(release.ptr[len] == '.' && len + 1 < release.len &&
				tu_char_is_digit(release.ptr[len + 1]))))
		len++;
	if (tu_str_starts(tu_str_from(release, len), TU_STR("-rc")))
		for (len += 3; len < release.len && tu_char_is_digit(release.ptr[len]);)
			len++;
	return tu_str_first(release, len);
}

/* Distributions whose kernels have the name of an interface, not of a version. */
static const struct tu_str abi_named[] = {
	TU_STR_INIT("debian"),
	TU_STR_INIT("ubuntu"),
	TU_STR_INIT("raspbian"),
	TU_STR_INIT("rhel"),
	TU_STR_INIT("fedora"),
	TU_STR_INIT("centos"),
	TU_STR_INIT("suse"),
	TU_STR_INIT("sles"),
	TU_STR_INIT("opensuse"),
	TU_STR_INIT("amzn"),
	TU_STR_INIT("ol"),
	TU_STR_INIT("azurelinux"),
	TU_STR_INIT("mariner"),
	TU_STR_INIT("photon"),
	TU_STR_INIT("openEuler"),
};

static bool is_abi_named(const struct tu_sbom_package_db *db)
{
	for (size_t i = 0; i < TU_COUNT(abi_named); i++) {
		struct tu_str rest = db->like;
		struct tu_str word;

		if (tu_str_istarts(db->distro, abi_named[i]))
			return true;
		while (tu_str_split(&rest, ' ', &word)) {
			if (tu_str_ieq(word, abi_named[i]))
				return true;
		}
	}
	return false;
}

/* Packages of kernels that are no kernel have these ends. */
static bool is_rpm_kernel(struct tu_str name)
{
	static const struct tu_str others[] = {TU_STR_INIT("-headers"), TU_STR_INIT("-devel"),
		TU_STR_INIT("-tools"), TU_STR_INIT("-tools-libs"), TU_STR_INIT("-docs"),
		TU_STR_INIT("-doc"), TU_STR_INIT("-firmware"), TU_STR_INIT("-macros"),
		TU_STR_INIT("-source")};
	struct tu_str rest = name;

	if (!tu_str_skip(&rest, TU_STR("kernel")) && !tu_str_skip(&rest, TU_STR("linux")))
		return false;
	for (size_t i = 0; i < TU_COUNT(others); i++) {
		if (tu_str_ends(name, others[i]))
			return false;
	}
	return rest.len == 0 || rest.ptr[0] == '-';
}

/* What may come after the version of a package in the name of its kernel: ".x86_64" with or without
 * "+rt", or the flavour that the package's name ends in ("-default" of kernel-default). */
static bool is_rest_of_release(const struct tu_sbom_installed *installed, struct tu_str rest)
{
	if (rest.len == 0)
		return true;
	if (tu_str_skip(&rest, TU_STR(".")))
		return tu_str_skip(&rest, installed->arch) && (!rest.len || rest.ptr[0] == '+');
	return rest.ptr[0] == '-' && tu_str_ends(installed->name, rest);
}

/* "5.14.0-362.el9.x86_64" of kernel-core 5.14.0-362.el9. SUSE's "5.14.21-150500.55-default" leaves
 * out what a rebuild adds to the package's version, 5.14.21-150500.55.19. */
static bool is_rpm_kernel_of(const struct tu_sbom_installed *installed, struct tu_str release)
{
	struct tu_str rest = release;
	size_t flavour = tu_str_rfind(release, '-');
	struct tu_str start = tu_str_first(release, flavour);

	if (installed->list != TU_SBOM_NAMES_RPM || !installed->version.len ||
		!is_rpm_kernel(installed->name))
		return false;
	if (tu_str_skip(&rest, installed->version) && is_rest_of_release(installed, rest))
		return true;
	return flavour < release.len && tu_str_find(start, '-') < start.len &&
		tu_str_starts(installed->version, start) &&
		tu_str_starts(tu_str_from(installed->version, start.len), TU_STR(".")) &&
		tu_str_ends(installed->name, tu_str_from(release, flavour));
}

/* "linux-image-6.1.0-43-amd64", "linux-image-unsigned-…", "kernel-image-…": a package of it. */
static bool is_packaged(const struct tu_sbom_package_db *db, struct tu_str release)
{
	static const struct tu_str starts[] = {TU_STR_INIT("linux-image-"),
		TU_STR_INIT("linux-image-unsigned-"), TU_STR_INIT("kernel-image-"),
		TU_STR_INIT("kernel-")};

	for (size_t i = 0; i < db->installed.count; i++) {
		struct tu_str name = db->installed.at[i].name;

		if (is_rpm_kernel_of(&db->installed.at[i], release))
			return true;
		for (size_t k = 0; tu_str_ends(name, release) && k < TU_COUNT(starts); k++) {
			if (name.len == starts[k].len + release.len &&
				tu_str_starts(name, starts[k]))
				return true;
		}
	}
	return false;
}

static void write_kernel(
	struct tu_sbom_package_db *db, struct tu_str release, struct tu_str version)
{
	struct tu_json_writer *to = &db->components.to;
	char cpe[160];

	(void)snprintf(cpe, sizeof(cpe), "cpe:2.3:o:linux:linux_kernel:%.*s:*:*:*:*:*:*:*",
		TU_STR_FMT(version));
	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("firmware"));
	tu_json_member_str(to, "name", TU_STR("linux_kernel"));
	tu_json_member_opt(to, "version", version);
	/* A release candidate's dash cannot stand in a CPE's version. */
	if (version.len && tu_str_find(version, '-') == version.len)
		tu_json_member_str(to, "cpe", tu_str_c(cpe));
	tu_json_key(to, "properties");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "name", TU_STR("tutela:kernel:release"));
	tu_json_member_str(to, "value", release);
	tu_json_close_object(to);
	tu_json_close_array(to);
	tu_json_close_object(to);
	db->component_count++;
}

enum tu_status tu_sbom__db_kernel(struct tu_sbom_package_db *db, struct tu_str release)
{
	struct tu_str version = kernel_version(release);
	enum tu_status status = TU_OK;

	if (!version.len || version.len > 64)
		return tu_sbom__rewrite_note(db->r, 0, TU_STR("lib/modules"),
			"not understood: name of a kernel release:", release);
	if (is_packaged(db, release))
		return TU_OK;
	if (is_abi_named(db)) {
		version = (struct tu_str){"", 0};
		status = tu_sbom__rewrite_note(db->r, 0, TU_STR("lib/modules"),
			"no version: the name of a distribution's kernel does not state it, and no "
			"package of this kernel was read:",
			release);
	}
	write_kernel(db, release, version);
	return status;
}
