#include "match/identity.h"

#include <tutela/buf.h>

#include "ident/distro.h"
#include "ident/distro_marks.h"
#include "ident/java.h"
#include "ident/keys.h"
#include "ident/lenient.h"
#include "ident/package.h"
#include "match/cpe_version.h"
#include "match/distro.h"
#include "match/kernel_name.h"
#include "match/module.h"

enum { KEY_MAX = 64 * 1024, NAME_MAX_BYTES = 256 };

static enum identity_class class_of(struct tu_str type)
{
	static const struct {
		struct tu_str type;
		enum identity_class class;
	} classes[] = {
		{TU_STR_INIT("npm"), ID_LANGUAGE},
		{TU_STR_INIT("pypi"), ID_LANGUAGE},
		{TU_STR_INIT("maven"), ID_LANGUAGE},
		{TU_STR_INIT("golang"), ID_LANGUAGE},
		{TU_STR_INIT("cargo"), ID_LANGUAGE},
		{TU_STR_INIT("gem"), ID_LANGUAGE},
		{TU_STR_INIT("nuget"), ID_LANGUAGE},
		{TU_STR_INIT("composer"), ID_LANGUAGE},
		{TU_STR_INIT("hex"), ID_LANGUAGE},
		{TU_STR_INIT("pub"), ID_LANGUAGE},
		{TU_STR_INIT("cran"), ID_LANGUAGE},
		{TU_STR_INIT("hackage"), ID_LANGUAGE},
		{TU_STR_INIT("swift"), ID_LANGUAGE},
		{TU_STR_INIT("cocoapods"), ID_LANGUAGE},
		{TU_STR_INIT("deb"), ID_DISTRO},
		{TU_STR_INIT("rpm"), ID_DISTRO},
		{TU_STR_INIT("apk"), ID_DISTRO},
		{TU_STR_INIT("alpm"), ID_DISTRO},
	};

	for (size_t i = 0; i < TU_COUNT(classes); i++) {
		if (tu_str_eq(classes[i].type, type))
			return classes[i].class;
	}
	return ID_PLAIN;
}

/* ---- versions ---- */

static struct version_keys *keys_of(struct tu_arena *arena, struct tu_str text)
{
	struct version_keys *keys = tu_arena_alloc(arena, sizeof(*keys));

	if (keys) {
		keys->text = text;
		keys->no_version = tu_package_has_no_version(text);
	}
	return keys;
}

static struct tu_str cut_at(struct tu_str version, struct tu_str mark)
{
	size_t at = tu_str_search(version, mark);

	return at ? tu_str_first(version, at) : version;
}

/* "-r0": Yocto's and Alpine's package revision. */
static struct tu_str without_revision(struct tu_str version)
{
	size_t dash = tu_str_rfind(version, '-');
	struct tu_str rest = tu_str_from(version, dash);

	if (!tu_str_skip(&rest, TU_STR("-r")) || !tu_str_digits(&rest).len || rest.len)
		return version;
	return tu_str_first(version, dash);
}

/* What the upstream project called this version. */
static struct tu_str upstream_version(const struct identity *id, struct tu_str version)
{
	static const struct tu_str marks[] = {TU_STR_INIT("+git"), TU_STR_INIT("+AUTOINC"),
		TU_STR_INIT("+really"), TU_STR_INIT("+dfsg"), TU_STR_INIT("+ds"),
		TU_STR_INIT("~dfsg"), TU_STR_INIT(".dfsg")};
	bool dashed = id->class == ID_DISTRO || tu_str_eq(id->purl.type, TU_STR("opkg")) ||
		(id->class == ID_PLAIN && tu_distro_is_version(version));

	if (id->class != ID_LANGUAGE)
		(void)tu_match__take_epoch(&version);
	if (tu_match__is_no_version(version))
		return (struct tu_str){"", 0};
	if (dashed)
		version = tu_str_first(version, tu_str_rfind(version, '-'));
	version = without_revision(version);
	if (id->class != ID_LANGUAGE) {
		for (size_t i = 0; i < TU_COUNT(marks); i++)
			version = cut_at(version, marks[i]);
	}
	return version;
}

/* In an ecosystem "-r2" and an epoch may well be the author's; "+deb12u1" is not. */
static bool has_plain_mark(struct tu_str version)
{
	struct distro_mark mark;

	return tu_distro_mark_find(version, &mark) && mark.namespace_.len;
}

static bool is_of_distribution(const struct identity *id, struct tu_str version)
{
	return id->class == ID_LANGUAGE ? has_plain_mark(version) : tu_distro_is_version(version);
}

/* ---- putting an identity together ---- */

static bool add_purl_key(struct tu_arena *arena, struct identity *id)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, TU_PURL_MAX * 3);
	tu_key_package(&id->purl, &text);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), &id->purl_key);
	tu_buf_done(&text);
	return ok;
}

static bool add_source(struct tu_arena *arena, struct identity *id,
	const struct source_package *stated, bool instead)
{
	struct id_package source = id->packages[0];

	source.name = stated->name;
	if (stated->version.len)
		source.version = keys_of(arena, stated->version);
	if (!source.version)
		return false;
	source.version->epoch_open = stated->epoch_open && stated->version.len;
	if (instead)
		id->packages[0] = source;
	else if (id->package_count < ID_PACKAGES_MAX)
		id->packages[id->package_count++] = source;
	return true;
}

/* Records of Debian and Alpine name the source package, those of rpm distributions either. */
static bool add_source_packages(struct tu_arena *arena, struct identity *id)
{
	const struct binary_package own = {id->component, &id->purl, id->packages[0].namespace_,
		id->packages[0].version->text};
	struct sources sources;
	bool instead = !tu_str_eq(id->purl.type, TU_STR("rpm"));

	if (!tu_match__component_sources(arena, &own, &sources))
		return false;
	if (sources.stated.name.len &&
		(instead || !tu_str_eq(sources.stated.name, id->purl.name)) &&
		!add_source(arena, id, &sources.stated, instead))
		return false;
	for (size_t i = 0; i < sources.origin_count; i++) {
		if (!add_source(arena, id, &sources.origins[i], false))
			return false;
	}
	return true;
}

/* "rocky-8.9" is "rhel-8.9" where Rocky's packages are judged by Red Hat's records. */
static bool add_origin(struct tu_arena *arena, struct identity *id)
{
	struct tu_str release = tu_str_from(id->distro, tu_distro_word(id->distro).len);
	size_t count = id->package_count;
	struct tu_str namespace_, word;
	struct tu_buf text;
	bool ok;

	if (!tu_distro_origin(id->packages[0].namespace_, &namespace_, &word))
		return true;
	for (size_t i = 0; i < count && id->package_count < ID_PACKAGES_MAX; i++) {
		struct id_package *package = &id->packages[id->package_count++];

		*package = id->packages[i];
		package->namespace_ = namespace_;
		package->of_origin = true;
	}
	if (release.len == 0)
		return true;
	tu_buf_init(&text, 2 * NAME_MAX_BYTES);
	tu_buf_printf(&text, "%.*s%.*s", TU_STR_FMT(word), TU_STR_FMT(release));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), &id->origin_distro);
	tu_buf_done(&text);
	return ok;
}

/* A package of a distribution without namespace belongs to the one that its release or the marks
 * in its version name, else to the inventory's. */
static struct tu_str distro_namespace(const struct identity *id)
{
	struct distro_mark mark;

	if (id->purl.namespace_.len || id->distro.len)
		return tu_distro_namespace(
			id->purl.namespace_.len ? id->purl.namespace_ : id->distro);
	return tu_distro_mark_find(id->stated->text, &mark) ? mark.namespace_
							    : (struct tu_str){"", 0};
}

/* Go's own library and tools under one name, with one version. */
static void add_go_tools(struct identity *id)
{
	bool both = false;
	struct tu_str own;

	if (!tu_package_go_own(id->stated_namespace, id->stated_name, &own, &both) || !both)
		return;
	id->packages[1] = id->packages[0];
	id->packages[1].name = TU_STR("toolchain");
	id->package_count = 2;
}

/* The subpath of a Go purl may be a part of the module's path, or a package in a module whose path
 * is shorter. The longest one was taken; the shorter ones are candidates if no record names it. */
static bool add_go_parents(struct tu_arena *arena, struct identity *id)
{
	struct tu_str version = id->purl.version.len ? id->purl.version : id->component->version;
	size_t root =
		id->stated_namespace.len + (id->stated_namespace.len > 0) + id->stated_name.len;
	size_t len = id->purl.namespace_.len + 1 + id->purl.name.len;
	char *path = tu_arena_text(arena, len);
	size_t slash;

	if (!path)
		return false;
	memcpy(path, id->purl.namespace_.ptr, id->purl.namespace_.len);
	path[id->purl.namespace_.len] = '/';
	memcpy(path + id->purl.namespace_.len + 1, id->purl.name.ptr, id->purl.name.len);
	while (len > root && !tu_package_go_is_major(tu_str_of(path, len), version) &&
		id->package_count < TU_COUNT(id->packages)) {
		struct id_package *parent = &id->packages[id->package_count];

		len = tu_str_rfind(tu_str_of(path, len), '/');
		slash = tu_str_rfind(tu_str_of(path, len), '/');
		if (!tu_package_go_may_have(tu_str_of(path, len), version))
			continue;
		*parent = id->packages[0];
		parent->namespace_ = tu_str_of(path, slash < len ? slash : 0);
		parent->name = tu_str_from(tu_str_of(path, len), slash < len ? slash + 1 : 0);
		parent->is_parent = true;
		id->package_count++;
	}
	return true;
}

/* A path that the module of this version cannot have: "/vN" was left out, or "+incompatible". */
static bool add_go_major(struct tu_arena *arena, struct identity *id)
{
	struct id_package *own = &id->packages[0];
	struct id_package *whole = &id->packages[1];
	struct tu_str version = id->stated->text;
	struct tu_str major;
	struct tu_buf text;
	bool ok = true;

	tu_buf_init(&text, TU_PURL_MAX);
	tu_buf_printf(&text, "%.*s/%.*s", TU_STR_FMT(own->namespace_), TU_STR_FMT(own->name));
	if (!tu_package_go_may_have(tu_buf_str(&text), version)) {
		*whole = *own;
		ok = tu_arena_dup(arena, tu_buf_str(&text), &whole->namespace_);
		tu_buf_clear(&text);
		tu_str_skip(&version, TU_STR("v"));
		major = tu_str_digits(&version);
		tu_buf_printf(&text, "v%.*s", TU_STR_FMT(major));
		ok = ok && tu_arena_dup(arena, tu_buf_str(&text), &whole->name);
		id->package_count = 2;
	}
	ok = ok && !text.failed;
	tu_buf_done(&text);
	return ok;
}

static bool add_go_packages(struct tu_arena *arena, struct identity *id)
{
	if (id->purl.namespace_.len == 0) {
		add_go_tools(id);
		return true;
	}
	if (!id->joined_subpath)
		return add_go_major(arena, id);
	return add_go_parents(arena, id);
}

static bool add_packages(struct tu_arena *arena, struct identity *id)
{
	struct id_package *own = &id->packages[0];

	if (!id->has_purl)
		return true;
	*own = (struct id_package){
		id->purl.type, id->purl.namespace_, id->purl.name, id->stated, false};
	id->package_count = 1;
	if (id->class == ID_DISTRO) {
		own->namespace_ = distro_namespace(id);
		own->of_origin = tu_distro_is_rebuilt(own->namespace_, own->version->text);
		id->origin_distro = id->distro;
		return add_source_packages(arena, id) && add_origin(arena, id);
	}
	return !tu_str_eq(id->purl.type, TU_STR("golang")) || add_go_packages(arena, id);
}

static bool is_open(struct tu_str attr)
{
	return tu_str_eq(attr, TU_STR("*"));
}

static bool says_none(struct tu_str attr)
{
	return tu_str_eq(attr, TU_STR("-"));
}

/* A version's text and the update in it. */
static bool make_version(
	struct tu_arena *arena, struct tu_str text, enum update_kind kind, struct id_version *out)
{
	struct tu_str base;

	*out = (struct id_version){.whole = keys_of(arena, text), .kind = kind};
	if (!out->whole)
		return false;
	if (!tu_match__split_update(text, &base, &out->update)) {
		out->update = (struct tu_str){"", 0};
		return true;
	}
	out->kind = UPDATE_IN_TEXT;
	out->base = keys_of(arena, base);
	return out->base != NULL;
}

/* "7.2" and the update "p2" that a CPE name states beside it. */
static bool make_stated(
	struct tu_arena *arena, struct tu_str base, struct tu_str attr, struct id_version *out)
{
	struct tu_buf buf;
	struct tu_str text;
	bool ok;

	tu_buf_init(&buf, KEY_MAX);
	tu_buf_str_add(&buf, base);
	tu_buf_byte(&buf, '-');
	tu_cpe_attr_plain(attr, &buf);
	ok = !buf.failed && tu_arena_dup(arena, tu_buf_str(&buf), &text);
	tu_buf_done(&buf);
	if (!ok)
		return false;
	*out = (struct id_version){.whole = keys_of(arena, text),
		.base = keys_of(arena, base),
		.update = tu_str_from(text, base.len + 1),
		.kind = UPDATE_STATED};
	return out->whole && out->base;
}

/* The component's own version may say more than its CPE name: "7.2p2" beside 7.2. */
static bool says_more(const struct identity *id, struct tu_str version)
{
	return id->upstream.base && tu_str_eq(id->upstream.base->text, version);
}

/* The version that a CPE name states, with its update; the component's where it states none. */
static bool cpe_version(struct tu_arena *arena, const struct identity *id, const struct tu_cpe *cpe,
	struct id_version *out)
{
	struct tu_str version = cpe->attr[TU_CPE_VERSION];
	struct tu_str update = cpe->attr[TU_CPE_UPDATE];
	struct tu_buf buf;
	bool distribution, ok;

	*out = id->upstream;
	if (is_open(version) || says_none(version))
		return true;
	tu_buf_init(&buf, KEY_MAX);
	tu_cpe_attr_plain(version, &buf);
	ok = !buf.failed && tu_arena_dup(arena, tu_buf_str(&buf), &version);
	tu_buf_done(&buf);
	if (!ok)
		return false;
	distribution = is_of_distribution(id, version);
	version = upstream_version(id, version);
	if (!is_open(update) && !says_none(update))
		ok = make_stated(arena, version, update, out);
	else if (!is_open(update) || !says_more(id, version))
		ok = make_version(arena, version, is_open(update) ? UPDATE_OPEN : UPDATE_NONE, out);
	out->distribution = distribution;
	return ok;
}

/* A purl whose type needs a namespace and that has none: CycloneDX's group is that namespace. What
 * belongs to a distribution says so by other means. */
static bool take_group(struct tu_arena *arena, struct identity *id)
{
	struct tu_purl whole = id->purl;
	enum tu_status status;

	if (id->purl.namespace_.len || id->component->group.len == 0 ||
		class_of(id->purl.type) == ID_DISTRO || !tu_package_needs_namespace(id->purl.type))
		return true;
	whole.namespace_ = id->component->group;
	status = tu_purl_normalise(arena, &whole, NULL);
	if (status == TU_OK)
		id->purl = whole;
	return status != TU_E_NOMEM;
}

/* Of one that is not valid, what is clear; without memory nothing is left out: a finding would
 * vanish. */
static bool add_purl(struct tu_arena *arena, struct identity *id)
{
	struct tu_error fault = {0};
	enum tu_status status = TU_E_NOTFOUND;

	if (id->component->purl.len)
		status = tu_purl_read(arena, id->component->purl, &id->purl, &fault);
	id->has_purl = status == TU_OK;
	if (!id->has_purl)
		return status != TU_E_NOMEM;
	id->stated_namespace = id->purl.namespace_;
	id->stated_name = id->purl.name;
	id->joined_subpath = id->purl.subpath.len > 0;
	if (!tu_package_settle(arena, &id->purl) || !take_group(arena, id))
		return false;
	id->joined_subpath = id->joined_subpath && id->purl.subpath.len == 0;
	return true;
}

static bool add_cpes(struct tu_arena *arena, struct identity *id)
{
	const struct tu_component *c = id->component;

	id->cpes = tu_arena_array(arena, c->cpe_count, sizeof(*id->cpes));
	if (!id->cpes)
		return false;
	for (size_t i = 0; i < c->cpe_count; i++) {
		struct id_cpe *cpe = &id->cpes[id->cpe_count];

		struct tu_error fault = {0};
		enum tu_status status = tu_cpe_read(arena, c->cpes[i], &cpe->name, &fault);

		if (status == TU_E_NOMEM)
			return false;
		if (status)
			continue;
		if (!tu_java_settle(arena, c->version, &cpe->name))
			return false;
		/* A name that leaves vendor and product open matches everything: never use it. */
		if (tu_str_eq(cpe->name.attr[TU_CPE_PRODUCT], TU_STR("*")))
			continue;
		cpe->text = c->cpes[i];
		if (id->upstream.whole && !cpe_version(arena, id, &cpe->name, &cpe->version))
			return false;
		id->cpe_count++;
	}
	return true;
}

static bool has_plain_name(const struct identity *id, struct tu_str name)
{
	for (size_t i = 0; i < id->plain_name_count; i++) {
		if (tu_str_eq(id->plain_names[i], name))
			return true;
	}
	return false;
}

/* "Mbed TLS" is looked for as "mbed tls", "mbed_tls" and "mbed-tls". */
static bool add_plain_name(struct tu_arena *arena, struct identity *id, struct tu_str name)
{
	static const char joints[] = {'\0', '_', '-'};

	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return true;
	for (size_t i = 0; i < TU_COUNT(joints); i++) {
		char *text = tu_arena_text(arena, name.len);

		if (!text)
			return false;
		for (size_t k = 0; k < name.len; k++) {
			char c = name.ptr[k];
			bool joint = c == ' ' || c == '_' || c == '-';

			text[k] = joint && joints[i] ? joints[i] : tu_char_lower(c);
		}
		if (!has_plain_name(id, tu_str_of(text, name.len)))
			id->plain_names[id->plain_name_count++] = tu_str_of(text, name.len);
	}
	return true;
}

/* A package of Yocto or OpenWrt ("libz1") also goes by what it was built from ("zlib"). */
static bool add_plain_names(struct tu_arena *arena, struct identity *id)
{
	struct tu_str name = id->component->name.len ? id->component->name : id->purl.name;
	struct tu_str source = {"", 0};

	if (id->has_purl && tu_str_eq(id->purl.type, TU_STR("opkg")))
		source = tu_purl_qualifier(&id->purl, TU_STR("upstream"));
	return add_plain_name(arena, id, name) &&
		add_plain_name(arena, id, tu_str_first(source, tu_str_rfind(source, '@')));
}

bool tu_match__identify(struct tu_arena *arena, const struct tu_component *component,
	const struct inventory_distro *inventory, struct identity *out_identity)
{
	struct identity *id = out_identity;
	struct tu_str version = component->version;

	*id = (struct identity){.component = component};
	if (!add_purl(arena, id))
		return false;
	if (id->has_purl) {
		id->class = class_of(id->purl.type);
		if (!tu_match__component_version(arena, component, &id->purl, &version) ||
			!tu_match__component_distro(
				arena, component, &id->purl, inventory, &id->distro) ||
			!add_purl_key(arena, id))
			return false;
	}
	id->stream = tu_match__module_stream(component, &id->purl);
	if (id->has_purl)
		version = tu_package_version(&id->purl, version);
	/* A distribution orders its own "0~git2020…" among others. */
	id->stated = keys_of(arena,
		id->class != ID_DISTRO && tu_match__is_no_version(version) ? (struct tu_str){"", 0}
									   : version);
	id->distribution = is_of_distribution(id, version);
	return id->stated &&
		make_version(arena, upstream_version(id, version), UPDATE_PLAIN, &id->upstream) &&
		add_packages(arena, id) && add_cpes(arena, id) && add_plain_names(arena, id);
}

bool tu_match__identify_products(
	struct tu_arena *arena, const struct tu_component *component, struct identity *out_identity)
{
	struct identity *id = out_identity;

	*id = (struct identity){.component = component};
	if (!add_purl(arena, id))
		return false;
	if (id->has_purl)
		id->class = class_of(id->purl.type);
	return add_cpes(arena, id) && (id->class != ID_PLAIN || add_plain_names(arena, id));
}

bool tu_match__names_vendor_kernel(const struct identity *id)
{
	for (size_t i = 0; id->class == ID_PLAIN && i < id->plain_name_count; i++) {
		if (tu_match__is_vendor_kernel(id->plain_names[i], id->component->version))
			return true;
	}
	return false;
}
