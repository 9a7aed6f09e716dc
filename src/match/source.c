#include "match/distro.h"

#include <tutela/buf.h>

enum { VERSION_MAX_BYTES = 4096, NAME_MAX_BYTES = 256 };

/* ---- what is stated ---- */

/* "openssl-3.0.7-1.el9.src.rpm": name and version, cut at the last hyphens but one. The epoch is
 * not in it and need not be that of the binary package, unless a tool wrote
 * "1:openssl-3.0.7-1.src.rpm" or "openssl-1:3.0.7-1.src.rpm". */
static struct source_package split_source_rpm(struct tu_str file)
{
	struct tu_str stem = tu_str_first(file, tu_str_rfind(file, '.'));
	struct tu_str plain, before, epoch;
	size_t release, version;

	stem = tu_str_first(stem, tu_str_rfind(stem, '.'));
	before = tu_match__take_epoch(&stem);
	release = tu_str_rfind(stem, '-');
	version = tu_str_rfind(tu_str_first(stem, release), '-');
	if (version >= release || release == stem.len)
		return (struct source_package){0};
	plain = tu_str_from(stem, version + 1);
	epoch = tu_match__take_epoch(&plain);
	return (struct source_package){tu_str_first(stem, version), plain,
		before.len == 0 && epoch.len == 0, before.len ? before : epoch};
}

/* Where SBOM tools keep the source package besides the purl. */
static const struct {
	struct tu_str name;
	struct tu_str version;
} properties[] = {
	{TU_STR_INIT("syft:metadata:source"), TU_STR_INIT("syft:metadata:sourceVersion")},
	{TU_STR_INIT("syft:metadata:originPackage"), TU_STR_INIT("")},
	{TU_STR_INIT("syft:metadata:sourceRpm"), TU_STR_INIT("")},
	{TU_STR_INIT("aquasecurity:trivy:SrcName"), TU_STR_INIT("aquasecurity:trivy:SrcVersion")},
};

static struct source_package stated_source(
	const struct tu_component *component, const struct tu_purl *purl)
{
	struct tu_str upstream = tu_purl_qualifier(purl, TU_STR("upstream"));
	size_t at = tu_str_rfind(upstream, '@');
	struct source_package source = {
		tu_str_first(upstream, at), tu_str_from(upstream, at + 1), false, {"", 0}};

	for (size_t i = 0; i < TU_COUNT(properties) && source.name.len == 0; i++) {
		source.name = tu_component_property(component, properties[i].name);
		if (source.name.len && properties[i].version.len)
			source.version = tu_component_property(component, properties[i].version);
	}
	return source;
}

/* Trivy states a source's revision and epoch in properties of their own. */
static bool complete_version(
	struct tu_arena *arena, const struct tu_component *c, struct tu_str *version)
{
	struct tu_str release = tu_component_property(c, TU_STR("aquasecurity:trivy:SrcRelease"));
	struct tu_str epoch = tu_component_property(c, TU_STR("aquasecurity:trivy:SrcEpoch"));
	struct tu_str plain = *version;
	struct tu_buf text;
	bool ok;

	if (version->len == 0 || version->len > VERSION_MAX_BYTES ||
		release.len > VERSION_MAX_BYTES || (release.len == 0 && epoch.len == 0))
		return true;
	tu_buf_init(&text, 3 * VERSION_MAX_BYTES);
	if (tu_match__is_epoch(epoch) && tu_match__take_epoch(&plain).len == 0)
		tu_buf_printf(&text, "%.*s:", TU_STR_FMT(epoch));
	tu_buf_str_add(&text, *version);
	if (release.len)
		tu_buf_printf(&text, "-%.*s", TU_STR_FMT(release));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), version);
	tu_buf_done(&text);
	return ok;
}

/* ---- signed and built again ---- */

/* How the version of what was signed is written in the version of the signed package. */
enum form {
	SAME,
	/* "6.1.55+1" of 6.1.55-1, "1+2.06+13+deb12u1" of 2.06-13+deb12u1: a version without
	 * revision cannot have a hyphen */
	PLUS,
	/* "1.187.3~20.04.1+2.06-2ubuntu14" of 2.06-2ubuntu14: after its own */
	APPENDED,
	/* "5.15.0.91.88", "6.2.0.36.37~22.04.14": the package only depends on the kernel of ABI 91,
	 * that is 5.15.0-91.N */
	ABI
};

/* What is between prefix and suffix. */
enum middle {
	NOTHING,
	DROPPED, /* the architecture */
	NUMBERED, /* begins with a digit: the ABI */
	KEPT, /* belongs to the origin's name: "linux-signed-hwe-5.15" of linux-hwe-5.15 */
	KEPT_BUT_LAST /* that, and the architecture: "linux-signed-6.1-amd64" of linux-6.1 */
};

static const struct rule {
	struct tu_str namespace_;
	struct tu_str prefix;
	struct tu_str suffix;
	struct tu_str origin;
	enum middle middle;
	enum form form;
} rules[] = {
	{TU_STR_INIT("debian"), TU_STR_INIT("linux-signed"), TU_STR_INIT(""), TU_STR_INIT("linux"),
		KEPT_BUT_LAST, PLUS},
	{TU_STR_INIT("debian"), TU_STR_INIT("linux-image-"), TU_STR_INIT(""), TU_STR_INIT("linux"),
		NUMBERED, SAME},
	{TU_STR_INIT("debian"), TU_STR_INIT("grub-efi-"), TU_STR_INIT("-signed"),
		TU_STR_INIT("grub2"), DROPPED, PLUS},
	{TU_STR_INIT("debian"), TU_STR_INIT("fwupd-efi-"), TU_STR_INIT("-signed"),
		TU_STR_INIT("fwupd-efi"), DROPPED, PLUS},
	{TU_STR_INIT("debian"), TU_STR_INIT("fwupd-"), TU_STR_INIT("-signed"), TU_STR_INIT("fwupd"),
		DROPPED, PLUS},
	{TU_STR_INIT("debian"), TU_STR_INIT("shim-helpers-"), TU_STR_INIT("-signed"),
		TU_STR_INIT("shim"), DROPPED, PLUS},
	{TU_STR_INIT("debian"), TU_STR_INIT("systemd-boot-efi-"), TU_STR_INIT("-signed"),
		TU_STR_INIT("systemd"), DROPPED, PLUS},
	{TU_STR_INIT("debian"), TU_STR_INIT("shim-signed"), TU_STR_INIT(""), TU_STR_INIT("shim"),
		NOTHING, APPENDED},
	{TU_STR_INIT("ubuntu"), TU_STR_INIT("linux-signed"), TU_STR_INIT(""), TU_STR_INIT("linux"),
		KEPT, SAME},
	{TU_STR_INIT("ubuntu"), TU_STR_INIT("linux-meta"), TU_STR_INIT(""), TU_STR_INIT("linux"),
		KEPT, ABI},
	{TU_STR_INIT("ubuntu"), TU_STR_INIT("grub2-signed"), TU_STR_INIT(""), TU_STR_INIT("grub2"),
		NOTHING, APPENDED},
	{TU_STR_INIT("ubuntu"), TU_STR_INIT("grub2-signed"), TU_STR_INIT(""),
		TU_STR_INIT("grub2-unsigned"), NOTHING, APPENDED},
	{TU_STR_INIT("ubuntu"), TU_STR_INIT("shim-signed"), TU_STR_INIT(""), TU_STR_INIT("shim"),
		NOTHING, APPENDED},
	{TU_STR_INIT("ubuntu"), TU_STR_INIT("fwupd-signed"), TU_STR_INIT(""),
		TU_STR_INIT("fwupd-efi"), NOTHING, APPENDED},
};

static bool rule_fits(const struct rule *rule, struct tu_str namespace_, struct tu_str name,
	struct tu_str *out_middle)
{
	struct tu_str middle = name;

	if (!tu_str_eq(rule->namespace_, namespace_) || !tu_str_skip(&middle, rule->prefix) ||
		!tu_str_ends(middle, rule->suffix))
		return false;
	middle = tu_str_first(middle, middle.len - rule->suffix.len);
	*out_middle = middle;
	switch (rule->middle) {
	case NOTHING:
		return middle.len == 0;
	case NUMBERED:
		/* A kernel that was brought to an older release has a source of its own. */
		return middle.len && tu_char_is_digit(middle.ptr[0]) &&
			tu_str_search(middle, TU_STR(".deb")) == middle.len &&
			tu_str_search(middle, TU_STR("bpo")) == middle.len;
	case KEPT:
	case KEPT_BUT_LAST:
		return middle.len == 0 || middle.ptr[0] == '-';
	case DROPPED:
		break;
	}
	return middle.len > 0 && tu_str_find(middle, '-') == middle.len;
}

static bool origin_name(struct tu_arena *arena, const struct rule *rule, struct tu_str middle,
	struct tu_str *out_name)
{
	struct tu_buf text;
	bool ok;

	*out_name = rule->origin;
	if (rule->middle == KEPT_BUT_LAST)
		middle = tu_str_first(middle, tu_str_rfind(middle, '-'));
	else if (rule->middle != KEPT)
		return true;
	if (middle.len == 0)
		return true;
	tu_buf_init(&text, 2 * NAME_MAX_BYTES);
	tu_buf_printf(&text, "%.*s%.*s", TU_STR_FMT(rule->origin), TU_STR_FMT(middle));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_name);
	tu_buf_done(&text);
	return ok;
}

/* After the last "+" that a version with a revision follows. */
static struct tu_str appended(struct tu_str version)
{
	for (size_t i = version.len; i > 0; i--) {
		struct tu_str rest = tu_str_from(version, i);

		if (version.ptr[i - 1] == '+' && rest.len && tu_char_is_digit(rest.ptr[0]) &&
			tu_str_find(rest, '-') < rest.len)
			return rest;
	}
	return (struct tu_str){"", 0};
}

static void put_plus(struct tu_str version, struct tu_buf *out)
{
	struct tu_str rest = version;
	size_t plus;

	/* The version of the origin's own binary package. */
	if (tu_str_find(version, '-') < version.len) {
		tu_buf_str_add(out, version);
		return;
	}
	/* A number of its own before it. */
	(void)tu_str_digits(&rest);
	if (tu_str_skip(&rest, TU_STR("+")) && tu_str_find(rest, '+') < rest.len)
		version = rest;
	plus = tu_str_find(version, '+');
	tu_buf_str_add(out, tu_str_first(version, plus));
	if (plus < version.len)
		tu_buf_printf(out, "-%.*s", TU_STR_FMT(tu_str_from(version, plus + 1)));
}

/* The upload within the ABI is not stated: taken as its last. */
static void put_abi(struct tu_str version, struct tu_buf *out)
{
	struct tu_str own = tu_str_first(version, tu_str_find(version, '~'));
	struct tu_str release = tu_str_first(own, tu_str_rfind(own, '.'));
	size_t dot = tu_str_rfind(release, '.');

	if (dot < release.len)
		tu_buf_printf(out, "%.*s-%.*s.99999", TU_STR_FMT(tu_str_first(release, dot)),
			TU_STR_FMT(tu_str_from(release, dot + 1)));
}

/* Empty: the version is not written so. */
static bool origin_version(
	struct tu_arena *arena, enum form form, struct tu_str version, struct tu_str *out_version)
{
	struct tu_str plain = version;
	struct tu_str epoch = tu_match__take_epoch(&plain);
	struct tu_buf text;
	bool ok;

	*out_version = version;
	if (form == SAME)
		return true;
	*out_version = appended(plain);
	if (form == APPENDED)
		return true;
	tu_buf_init(&text, 2 * VERSION_MAX_BYTES);
	if (form == PLUS && epoch.len)
		tu_buf_printf(&text, "%.*s:", TU_STR_FMT(epoch));
	if (form == PLUS)
		put_plus(plain, &text);
	else
		put_abi(plain, &text);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_version);
	tu_buf_done(&text);
	return ok;
}

static bool add_origins(struct tu_arena *arena, struct tu_str namespace_, struct tu_str name,
	struct tu_str version, struct sources *sources)
{
	if (name.len > NAME_MAX_BYTES || version.len == 0 || version.len > VERSION_MAX_BYTES)
		return true;
	for (size_t i = 0; i < TU_COUNT(rules) && sources->origin_count < ORIGINS_MAX; i++) {
		struct source_package *origin = &sources->origins[sources->origin_count];
		struct tu_str middle;

		if (!rule_fits(&rules[i], namespace_, name, &middle))
			continue;
		if (!origin_name(arena, &rules[i], middle, &origin->name) ||
			!origin_version(arena, rules[i].form, version, &origin->version))
			return false;
		sources->origin_count += origin->version.len > 0;
	}
	return true;
}

/* Its own source has the same epoch, if the source's is not stated. */
static bool close_epoch(
	struct tu_arena *arena, const struct binary_package *package, struct source_package *source)
{
	struct tu_str plain = package->version;
	struct tu_str epoch = source->epoch;

	if (source->epoch_open && !tu_str_eq(source->name, package->purl->name))
		return true;
	if (source->epoch_open)
		epoch = tu_match__take_epoch(&plain);
	source->epoch_open = false;
	return !tu_match__is_epoch(epoch) ||
		tu_match__with_epoch(arena, epoch, source->version, &source->version);
}

bool tu_match__component_sources(
	struct tu_arena *arena, const struct binary_package *package, struct sources *out_sources)
{
	struct source_package source = stated_source(package->component, package->purl);

	*out_sources = (struct sources){0};
	if (tu_str_ends(source.name, TU_STR("src.rpm"))) {
		source = split_source_rpm(source.name);
		if (!close_epoch(arena, package, &source))
			return false;
	} else if (!complete_version(arena, package->component, &source.version)) {
		return false;
	}
	out_sources->stated = source;
	return add_origins(arena, package->namespace_,
		source.name.len ? source.name : package->purl->name,
		source.version.len ? source.version : package->version, out_sources);
}
