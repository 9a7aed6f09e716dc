/*
 * Forms: deb822 (deb-control(5), dpkg status), opkg's of the same form, Alpine's "installed"
 * (https://wiki.alpinelinux.org/wiki/Apk_spec), os-release(5).
 */
#include "sbom/read/package_db.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <tutela/purl.h>

#include "base/alloc.h"
#include "base/search.h"

/* One package as any of the databases says it. */
struct package {
	struct tu_str name;
	struct tu_str version;
	struct tu_str arch;
	struct tu_str status;
	struct tu_str source; /* "name" or "name (version)" */
	struct tu_str maintainer;
	struct tu_str licence;
	struct tu_str depends;
	struct tu_str pre_depends;
	struct tu_str provides;
	struct tu_str cpe;
	struct tu_str recipe; /* Yocto: the recipe's name without multilib and native marks */
	struct tu_str source_name; /* OpenWrt */
	struct tu_str epoch; /* rpm: apart from the version */
	struct tu_str module; /* rpm: "nodejs:18:8090020231201:rhel8" */
	size_t line;
};

/* A field of a database and where it goes. */
struct field {
	struct tu_str key;
	size_t slot;
};

#define TO(member) offsetof(struct package, member)

struct database {
	const char *purl_type;
	struct tu_str fallback; /* the purl's namespace when there is no os-release; empty: none */
	const struct field *fields;
	size_t field_count;
	enum tu_sbom_name_list list;
};

/* deb822, of dpkg and opkg; SourceName and OE are opkg's. */
static const struct field deb_fields[] = {
	{TU_STR_INIT("Package"), TO(name)},
	{TU_STR_INIT("Version"), TO(version)},
	{TU_STR_INIT("Architecture"), TO(arch)},
	{TU_STR_INIT("Status"), TO(status)},
	{TU_STR_INIT("Source"), TO(source)},
	{TU_STR_INIT("SourceName"), TO(source_name)},
	{TU_STR_INIT("OE"), TO(recipe)},
	{TU_STR_INIT("Maintainer"), TO(maintainer)},
	{TU_STR_INIT("License"), TO(licence)},
	{TU_STR_INIT("Depends"), TO(depends)},
	{TU_STR_INIT("Pre-Depends"), TO(pre_depends)},
	{TU_STR_INIT("Provides"), TO(provides)},
	{TU_STR_INIT("CPE-ID"), TO(cpe)},
};
static const struct field apk_fields[] = {
	{TU_STR_INIT("P"), TO(name)},
	{TU_STR_INIT("V"), TO(version)},
	{TU_STR_INIT("A"), TO(arch)},
	{TU_STR_INIT("o"), TO(source)},
	{TU_STR_INIT("m"), TO(maintainer)},
	{TU_STR_INIT("L"), TO(licence)},
	{TU_STR_INIT("D"), TO(depends)},
	{TU_STR_INIT("p"), TO(provides)},
};
static const struct field rpm_fields[] = {
	{TU_STR_INIT("Name"), TO(name)},
	{TU_STR_INIT("Epoch"), TO(epoch)},
	{TU_STR_INIT("Version"), TO(version)},
	{TU_STR_INIT("Arch"), TO(arch)},
	{TU_STR_INIT("Source"), TO(source)},
	{TU_STR_INIT("Vendor"), TO(maintainer)},
	{TU_STR_INIT("License"), TO(licence)},
	{TU_STR_INIT("Module"), TO(module)},
	{TU_STR_INIT("Requires"), TO(depends)},
	{TU_STR_INIT("Provides"), TO(provides)},
};
static const struct database dpkg = {
	"deb", TU_STR_INIT("debian"), deb_fields, TU_COUNT(deb_fields), TU_SBOM_NAMES_DEB};
static const struct database opkg = {
	"opkg", TU_STR_INIT(""), deb_fields, TU_COUNT(deb_fields), TU_SBOM_NAMES_DEB};
static const struct database apk = {
	"apk", TU_STR_INIT("alpine"), apk_fields, TU_COUNT(apk_fields), TU_SBOM_NAMES_APK};
static const struct database rpm = {
	"rpm", TU_STR_INIT(""), rpm_fields, TU_COUNT(rpm_fields), TU_SBOM_NAMES_RPM};

void tu_sbom__db_init(struct tu_sbom_package_db *db, struct tu_sbom_rewrite *r)
{
	*db = (struct tu_sbom_package_db){
		.r = r, .distro = {"", 0}, .release = {"", 0}, .like = {"", 0}};
	tu_sbom__part_init(r, &db->components);
}

void tu_sbom__db_done(struct tu_sbom_package_db *db)
{
	tu_buf_done(&db->components.buf);
	TU_VEC_DONE(&db->installed);
	TU_VEC_DONE(&db->provided);
}

/* ---- fields ---- */

static struct tu_str *slot_of(
	const struct database *database, struct package *package, struct tu_str key)
{
	for (size_t i = 0; i < database->field_count; i++) {
		if (tu_str_eq(database->fields[i].key, key))
			return (struct tu_str *)(void *)((char *)package +
				database->fields[i].slot);
	}
	return NULL;
}

static void take_field(const struct database *database, struct package *package, struct tu_str line)
{
	size_t colon = tu_str_find(line, ':');
	struct tu_str *slot = slot_of(database, package, tu_str_first(line, colon));

	if (slot && !slot->len)
		*slot = tu_str_trim(tu_str_from(line, colon + 1));
}

/* ---- identifiers ---- */

/* "glibc (2.36-9)" → "glibc@2.36-9": how others write it, too. */
static bool add_upstream(const struct package *package, struct tu_buf *out)
{
	struct tu_str name = package->source;
	struct tu_str version = tu_str_from(name, tu_str_find(name, '(') + 1);

	version = tu_str_trim(tu_str_first(version, tu_str_find(version, ')')));
	name = tu_str_trim(tu_str_first(name, tu_str_find(name, '(')));
	if (!name.len || (tu_str_eq(name, package->name) && !version.len))
		return false;
	tu_buf_str_add(out, name);
	if (version.len) {
		tu_buf_byte(out, '@');
		tu_buf_str_add(out, version);
	}
	return true;
}

static void add_distro(const struct tu_sbom_package_db *db, struct tu_buf *out)
{
	tu_buf_str_add(out, db->distro);
	if (db->distro.len && db->release.len) {
		tu_buf_byte(out, '-');
		tu_buf_str_add(out, db->release);
	}
}

/* The purl of a package as a text of the scratch arena; empty when its parts do not make one. */
static enum tu_status write_purl(struct tu_sbom_package_db *db, const struct database *database,
	const struct package *package, struct tu_str *out_purl)
{
	struct tu_buf upstream;
	struct tu_buf distro;
	struct tu_buf text;
	struct tu_purl purl = {.type = tu_str_c(database->purl_type),
		.namespace_ = db->distro.len ? db->distro : database->fallback,
		.name = package->name,
		.version = package->version,
		.subpath = {"", 0}};
	bool has_upstream;
	enum tu_status status;

	*out_purl = (struct tu_str){"", 0};
	tu_buf_init(&upstream, TU_PURL_MAX);
	tu_buf_init(&distro, TU_PURL_MAX);
	tu_buf_init(&text, 4 * TU_PURL_MAX);
	has_upstream = add_upstream(package, &upstream);
	add_distro(db, &distro);
	const struct tu_purl_qualifier qualifiers[] = {
		{TU_STR("arch"), package->arch},
		{TU_STR("distro"), tu_buf_str(&distro)},
		{TU_STR("epoch"), package->epoch},
		{TU_STR("rpmmod"), package->module},
		{TU_STR("upstream"), has_upstream ? tu_buf_str(&upstream) : TU_STR("")},
	};
	purl.qualifiers = qualifiers;
	purl.qualifier_count = TU_COUNT(qualifiers);
	status = tu_purl_normalise(db->r->scratch, &purl, NULL);
	if (!status)
		tu_purl_write(&purl, &text);
	if (!status && !text.failed && !tu_arena_dup(db->r->scratch, tu_buf_str(&text), out_purl))
		status = TU_E_NOMEM;
	tu_buf_done(&upstream);
	tu_buf_done(&distro);
	tu_buf_done(&text);
	return status == TU_E_NOMEM ? tu_sbom__rewrite_nomem(db->r) : TU_OK;
}

/* ---- what is installed ---- */

/* The third word of "install ok installed"; a database without the field lists only what is. */
static bool is_installed(struct tu_str status)
{
	struct tu_str state = tu_str_from(status, tu_str_rfind(status, ' ') + 1);

	return status.len == 0 ||
		(!tu_str_eq(state, TU_STR("not-installed")) &&
			!tu_str_eq(state, TU_STR("config-files")));
}

/* The name in "libc6 (>= 2.36)", "so:libz.so.1=1.3", "foo:any": up to what cannot be in one. */
static struct tu_str bare_name(struct tu_str text)
{
	size_t len = 0;

	text = tu_str_trim(text);
	while (len < text.len && !tu_char_is_space(text.ptr[len]) &&
		!memchr("(=<>~|[", text.ptr[len], 7))
		len++;
	text = tu_str_first(text, len);
	return tu_str_ends(text, TU_STR(":any")) ? tu_str_first(text, text.len - 4) : text;
}

/* The next name of a list: separated by commas and bars in Debian's, by spaces in the others. */
static bool next_name(struct tu_str *rest, enum tu_sbom_name_list list, struct tu_str *out_name)
{
	bool blanks = list != TU_SBOM_NAMES_DEB;
	struct tu_str word;
	size_t len = 0;

	*rest = tu_str_trim(*rest);
	if (rest->len == 0)
		return false;
	while (len < rest->len &&
		(blanks ? !tu_char_is_space(rest->ptr[len])
			: rest->ptr[len] != ',' && rest->ptr[len] != '|'))
		len++;
	word = tu_str_first(*rest, len);
	*out_name = list == TU_SBOM_NAMES_RPM ? word : bare_name(word);
	*rest = tu_str_from(*rest, len + !blanks);
	return true;
}

static enum tu_status provide(struct tu_sbom_package_db *db, struct tu_str name)
{
	const struct tu_sbom_provided provided = {name, (uint32_t)db->installed.count};

	if (!name.len)
		return TU_OK;
	return TU_VEC_PUSH(&db->provided, provided) ? TU_OK : tu_sbom__rewrite_nomem(db->r);
}

static enum tu_status enter(struct tu_sbom_package_db *db, const struct package *package,
	struct tu_str ref, enum tu_sbom_name_list list)
{
	const struct tu_sbom_installed installed = {
		package->name, package->version, package->arch, ref, package->depends, list};
	struct tu_str rest = package->provides;
	struct tu_str name;
	enum tu_status status = provide(db, package->name);

	while (!status && next_name(&rest, list, &name))
		status = provide(db, name);
	if (status)
		return status;
	return TU_VEC_PUSH(&db->installed, installed) ? TU_OK : tu_sbom__rewrite_nomem(db->r);
}

static void write_licence(struct tu_json_writer *to, struct tu_str licence)
{
	if (!licence.len)
		return;
	tu_json_key(to, "licenses");
	tu_json_open_array(to);
	tu_json_open_object(to);
	tu_json_member_str(to, "expression", licence);
	tu_json_close_object(to);
	tu_json_close_array(to);
}

/* "1:3.0.7-16.el9" */
static bool write_version(struct tu_json_writer *to, const struct package *package)
{
	struct tu_buf text;
	bool good;

	tu_buf_init(&text, package->epoch.len + package->version.len + 1);
	tu_buf_str_add(&text, package->epoch);
	if (package->epoch.len)
		tu_buf_byte(&text, ':');
	tu_buf_str_add(&text, package->version);
	good = !text.failed;
	if (good)
		tu_json_member_opt(to, "version", tu_buf_str(&text));
	tu_buf_done(&text);
	return good;
}

static enum tu_status write_component(
	struct tu_sbom_package_db *db, const struct package *package, struct tu_str purl)
{
	struct tu_json_writer *to = &db->components.to;

	tu_json_open_object(to);
	tu_json_member_str(to, "type", TU_STR("library"));
	tu_json_member_opt(to, "bom-ref", purl);
	tu_json_member_str(to, "name", package->name);
	if (!write_version(to, package))
		return tu_sbom__rewrite_nomem(db->r);
	tu_json_member_opt(to, "publisher", package->maintainer);
	tu_json_member_opt(to, "cpe", package->cpe);
	tu_json_member_opt(to, "purl", purl);
	write_licence(to, package->licence);
	tu_json_close_object(to);
	db->component_count++;
	return tu_sbom__rewrite_check(db->r, &db->components.buf);
}

/* ---- what opkg's control files add ---- */

/* What a package of opkg was built from: "zlib" of OE "zlib" or Source "zlib_1.2.11.bb" (Yocto),
 * the SourceName or the last folder of Source "package/libs/foossl" (OpenWrt). */
static struct tu_str opkg_source(const struct package *package)
{
	struct tu_str source = package->source;
	size_t slash = tu_str_rfind(source, '/');

	if (package->recipe.len)
		return package->recipe;
	if (package->source_name.len)
		return package->source_name;
	source = slash < source.len ? tu_str_from(source, slash + 1) : source;
	return tu_str_ends(source, TU_STR(".bb")) ? tu_str_first(source, tu_str_find(source, '_'))
						  : source;
}

static void read_control(struct package *package, struct tu_str text)
{
	struct package control = {0};
	struct tu_str line;

	while (tu_str_split(&text, '\n', &line)) {
		if (line.len && !tu_char_is_space(line.ptr[0]))
			take_field(&opkg, &control, line);
	}
	for (size_t i = 0; i < opkg.field_count; i++) {
		size_t slot = opkg.fields[i].slot;
		struct tu_str *own = (struct tu_str *)(void *)((char *)package + slot);

		if (!own->len)
			*own = *(struct tu_str *)(void *)((char *)&control + slot);
	}
}

static enum tu_status complete(struct tu_sbom_package_db *db, struct package *package)
{
	struct tu_str text = {NULL, 0};
	enum tu_status status = TU_OK;

	if (db->control.load)
		status = db->control.load(db->control.context, package->name, &text);
	if (text.ptr)
		read_control(package, text);
	package->source = opkg_source(package);
	return status;
}

static enum tu_status add_package(
	struct tu_sbom_package_db *db, const struct database *database, struct package *package)
{
	struct tu_str purl;
	enum tu_status status = TU_OK;

	if (!package->name.len)
		return tu_sbom__rewrite_note(db->r, package->line, TU_STR(""),
			"left out: a package without name", TU_STR(""));
	if (!is_installed(package->status))
		return tu_sbom__rewrite_note(db->r, package->line, TU_STR(""),
			"left out: packages that are not installed", TU_STR(""));
	if (database == &opkg)
		status = complete(db, package);
	if (!status)
		status = write_purl(db, database, package, &purl);
	if (!status)
		status = enter(db, package, purl, database->list);
	return status ? status : write_component(db, package, purl);
}

/* ---- stanzas ---- */

static enum tu_status read_stanzas(
	struct tu_sbom_package_db *db, const struct database *database, struct tu_str rest)
{
	static const struct package none;
	struct package package = none;
	struct tu_str line;
	bool open = false;
	size_t number = 0;
	enum tu_status status = TU_OK;

	while (!status && tu_str_split(&rest, '\n', &line)) {
		number++;
		if (tu_str_trim(line).len == 0) {
			if (open)
				status = add_package(db, database, &package);
			open = false;
			continue;
		}
		if (!open)
			package = (struct package){.line = number};
		open = true;
		if (!tu_char_is_space(line.ptr[0]))
			take_field(database, &package, line);
	}
	return status || !open ? status : add_package(db, database, &package);
}

enum tu_status tu_sbom__db_dpkg(struct tu_sbom_package_db *db, struct tu_str text)
{
	return read_stanzas(db, &dpkg, text);
}

enum tu_status tu_sbom__db_opkg(struct tu_sbom_package_db *db, struct tu_str text)
{
	return read_stanzas(db, &opkg, text);
}

enum tu_status tu_sbom__db_rpm(struct tu_sbom_package_db *db, struct tu_str text)
{
	return read_stanzas(db, &rpm, text);
}

enum tu_status tu_sbom__db_apk(struct tu_sbom_package_db *db, struct tu_str text)
{
	return read_stanzas(db, &apk, text);
}

/* ---- writing ---- */

static int by_name(const void *a, const void *b)
{
	const struct tu_sbom_provided *first = a;
	const struct tu_sbom_provided *second = b;
	int order = tu_str_cmp(first->name, second->name);

	return order ? order
		     : (first->package > second->package) - (first->package < second->package);
}

static int order_provided_name(const void *item, const void *wanted)
{
	const struct tu_sbom_provided *provided = item;

	return tu_str_cmp(provided->name, *(const struct tu_str *)wanted);
}

static const struct tu_sbom_installed *provider_of(
	const struct tu_sbom_package_db *db, struct tu_str name)
{
	size_t first = tu_lower_bound(db->provided.at, db->provided.count, sizeof(*db->provided.at),
		&name, order_provided_name);

	if (first == db->provided.count || !tu_str_eq(db->provided.at[first].name, name))
		return NULL;
	return &db->installed.at[db->provided.at[first].package];
}

/* rpm: "/bin/sh" and "(foo if bar)" are not among what packages say they provide. */
static bool is_open_name(const struct tu_sbom_installed *installed, struct tu_str name)
{
	return installed->list == TU_SBOM_NAMES_RPM && name.len &&
		(name.ptr[0] == '/' || name.ptr[0] == '(');
}

static enum tu_status write_dependencies(
	struct tu_sbom_package_db *db, const struct tu_sbom_installed *installed)
{
	struct tu_json_writer *to = &db->r->to;
	struct tu_str rest = installed->depends;
	enum tu_status status = TU_OK;
	struct tu_str name;

	if (!installed->ref.len || !rest.len)
		return TU_OK;
	tu_json_open_object(to);
	tu_json_member_str(to, "ref", installed->ref);
	tu_json_key(to, "dependsOn");
	tu_json_open_array(to);
	while (!status && next_name(&rest, installed->list, &name)) {
		const struct tu_sbom_installed *provider = provider_of(db, name);

		if (provider && provider->ref.len)
			tu_json_add_str(to, provider->ref);
		else if (is_open_name(installed, name))
			status = tu_sbom__rewrite_note(db->r, 0, TU_STR(""),
				"not followed: dependencies on files, and those with conditions",
				TU_STR(""));
		else if (name.len && name.ptr[0] != '!')
			status = tu_sbom__rewrite_note(db->r, 0, TU_STR(""),
				"not followed: dependencies that no installed package provides",
				TU_STR(""));
	}
	tu_json_close_array(to);
	tu_json_close_object(to);
	return status;
}

static enum tu_status write_all_dependencies(struct tu_sbom_package_db *db)
{
	struct tu_json_writer *to = &db->r->to;
	enum tu_status status = TU_OK;

	if (db->provided.count)
		qsort(db->provided.at, db->provided.count, sizeof(*db->provided.at), by_name);
	tu_json_key(to, "dependencies");
	tu_json_open_array(to);
	for (size_t i = 0; !status && i < db->installed.count; i++) {
		status = write_dependencies(db, &db->installed.at[i]);
		if (!status)
			status = tu_sbom__rewrite_check(db->r, &db->r->json);
	}
	tu_json_close_array(to);
	return status;
}

enum tu_status tu_sbom__db_write(struct tu_sbom_package_db *db)
{
	struct tu_json_writer *to = &db->r->to;
	enum tu_status status;

	tu_json_open_object(to);
	tu_json_member_str(to, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(to, "specVersion", TU_STR("1.6"));
	status = tu_sbom__part_member(db->r, "components", &db->components);
	if (!status)
		status = write_all_dependencies(db);
	tu_json_close_object(to);
	return status ? status : tu_sbom__rewrite_check(db->r, &db->r->json);
}

/* ---- a database alone ---- */

static enum tu_status rewrite(struct tu_sbom_rewrite *r, struct tu_str text,
	enum tu_status (*read)(struct tu_sbom_package_db *db, struct tu_str text),
	const struct database *database)
{
	struct tu_sbom_package_db db;
	enum tu_status status;

	r->spec_version = TU_STR("1");
	tu_sbom__db_init(&db, r);
	status = tu_sbom__rewrite_note(r, 0, TU_STR(""),
		"no os-release beside the database: the distribution is taken to be",
		database->fallback);
	if (!status)
		status = read(&db, text);
	if (!status)
		status = tu_sbom__db_write(&db);
	tu_sbom__db_done(&db);
	return status;
}

enum tu_status tu_sbom__rewrite_dpkg(struct tu_sbom_rewrite *r, struct tu_str text)
{
	r->format = TU_SBOM_DPKG_STATUS;
	return rewrite(r, text, tu_sbom__db_dpkg, &dpkg);
}

enum tu_status tu_sbom__rewrite_apk(struct tu_sbom_rewrite *r, struct tu_str text)
{
	r->format = TU_SBOM_APK_INSTALLED;
	return rewrite(r, text, tu_sbom__db_apk, &apk);
}
