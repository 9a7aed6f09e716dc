#include "match/distro.h"

#include <tutela/buf.h>

#include "ident/distro.h"

enum { NAME_MAX_BYTES = 256, VERSION_MAX_BYTES = 4096 };

/* ---- releases ---- */

bool tu_match__inventory_distro(
	struct tu_arena *arena, const struct tu_inventory *inventory, struct tu_str *out_distro)
{
	*out_distro = (struct tu_str){"", 0};
	for (size_t i = 0; i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];
		struct tu_buf text;
		bool ok;

		if (c->kind != TU_KIND_OPERATING_SYSTEM || !c->name.len || !c->version.len)
			continue;
		if (c->name.len + c->version.len >= NAME_MAX_BYTES)
			continue;
		tu_buf_init(&text, NAME_MAX_BYTES);
		tu_buf_str_add(&text, c->name);
		tu_buf_byte(&text, ' ');
		tu_buf_str_add(&text, c->version);
		ok = !text.failed && tu_distro_spell(arena, tu_buf_str(&text), out_distro);
		tu_buf_done(&text);
		return ok;
	}
	return true;
}

/* Marks that a distribution's build puts into versions, with the release's number after them. */
static const struct {
	struct tu_str namespace_;
	struct tu_str mark;
	struct tu_str word;
} marks[] = {
	{TU_STR_INIT("redhat"), TU_STR_INIT(".el"), TU_STR_INIT("rhel-")},
	{TU_STR_INIT("redhat"), TU_STR_INIT("+el"), TU_STR_INIT("rhel-")},
	{TU_STR_INIT("almalinux"), TU_STR_INIT(".el"), TU_STR_INIT("almalinux-")},
	{TU_STR_INIT("almalinux"), TU_STR_INIT("+el"), TU_STR_INIT("almalinux-")},
	{TU_STR_INIT("rocky"), TU_STR_INIT(".el"), TU_STR_INIT("rocky-")},
	{TU_STR_INIT("oracle"), TU_STR_INIT(".el"), TU_STR_INIT("ol-")},
	{TU_STR_INIT("fedora"), TU_STR_INIT(".fc"), TU_STR_INIT("fedora-")},
	{TU_STR_INIT("debian"), TU_STR_INIT("+deb"), TU_STR_INIT("debian-")},
};

static bool distro_of_version(struct tu_arena *arena, struct tu_str namespace_,
	struct tu_str version, struct tu_str *out_distro)
{
	for (size_t i = 0; i < TU_COUNT(marks); i++) {
		size_t at = tu_str_search(version, marks[i].mark);
		struct tu_str rest = tu_str_from(version, at + marks[i].mark.len);
		struct tu_str number = tu_str_digits(&rest);
		char text[64];

		if (at == version.len || !tu_str_eq(namespace_, marks[i].namespace_) ||
			number.len == 0 || number.len > 8)
			continue;
		memcpy(text, marks[i].word.ptr, marks[i].word.len);
		memcpy(text + marks[i].word.len, number.ptr, number.len);
		return tu_arena_dup(
			arena, tu_str_of(text, marks[i].word.len + number.len), out_distro);
	}
	return true;
}

/* Trivy writes "3.18.4" for Alpine's packages: the namespace says of which distribution. */
static bool spell_stated(struct tu_arena *arena, struct tu_str namespace_, struct tu_str stated,
	struct tu_str *out_distro)
{
	struct tu_buf text;
	bool ok;

	if (!tu_char_is_digit(stated.ptr[0]) || namespace_.len + stated.len >= NAME_MAX_BYTES)
		return tu_distro_spell(arena, stated, out_distro);
	tu_buf_init(&text, NAME_MAX_BYTES);
	tu_buf_printf(&text, "%.*s-%.*s", TU_STR_FMT(namespace_), TU_STR_FMT(stated));
	ok = !text.failed && tu_distro_spell(arena, tu_buf_str(&text), out_distro);
	tu_buf_done(&text);
	return ok;
}

bool tu_match__component_distro(struct tu_arena *arena, const struct tu_purl *purl,
	struct tu_str inventory, struct tu_str *out_distro)
{
	struct tu_str stated = tu_purl_qualifier(purl, TU_STR("distro"));
	struct tu_str namespace_ = tu_distro_namespace(purl->namespace_);

	*out_distro = (struct tu_str){"", 0};
	if (stated.len)
		return spell_stated(arena, purl->namespace_, stated, out_distro);
	if (namespace_.len == 0 || tu_str_eq(namespace_, tu_distro_namespace(inventory)))
		*out_distro = inventory;
	return out_distro->len || distro_of_version(arena, namespace_, purl->version, out_distro);
}

/* ---- versions ---- */

static bool with_epoch(struct tu_arena *arena, struct tu_str epoch, struct tu_str version,
	struct tu_str *out_version)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, 2 * VERSION_MAX_BYTES);
	tu_buf_str_add(&text, epoch);
	tu_buf_byte(&text, ':');
	tu_buf_str_add(&text, version);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_version);
	tu_buf_done(&text);
	return ok;
}

static bool is_usable_epoch(struct tu_str epoch, struct tu_str version)
{
	struct tu_str rest = epoch;

	return tu_str_digits(&rest).len && rest.len == 0 && epoch.len <= 20 &&
		!tu_str_eq(epoch, TU_STR("0")) && version.len && version.len <= VERSION_MAX_BYTES &&
		tu_str_find(version, ':') == version.len;
}

bool tu_match__component_version(struct tu_arena *arena, const struct tu_component *component,
	const struct tu_purl *purl, struct tu_str *out_version)
{
	struct tu_str epoch = tu_purl_qualifier(purl, TU_STR("epoch"));

	*out_version = purl->version.len ? purl->version : component->version;
	if (!tu_str_eq(purl->type, TU_STR("rpm")) || !is_usable_epoch(epoch, *out_version))
		return true;
	return with_epoch(arena, epoch, *out_version, out_version);
}

/* ---- source packages ---- */

/* "openssl-3.0.7-1.el9.src.rpm": name and version, cut at the last hyphens but one. */
static bool split_source_rpm(struct tu_arena *arena, struct tu_str file, struct tu_str epoch,
	struct source_package *out_source)
{
	struct tu_str stem = tu_str_first(file, file.len - 8);
	size_t release = tu_str_rfind(stem, '-');
	size_t version = tu_str_rfind(tu_str_first(stem, release), '-');

	if (version >= release || release == stem.len)
		return true;
	out_source->name = tu_str_first(stem, version);
	out_source->version = tu_str_from(stem, version + 1);
	return !is_usable_epoch(epoch, out_source->version) ||
		with_epoch(arena, epoch, out_source->version, &out_source->version);
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
	struct source_package source = {tu_str_first(upstream, at), tu_str_from(upstream, at + 1)};

	for (size_t i = 0; i < TU_COUNT(properties) && source.name.len == 0; i++) {
		source.name = tu_component_property(component, properties[i].name);
		if (source.name.len && properties[i].version.len)
			source.version = tu_component_property(component, properties[i].version);
	}
	return source;
}

/* Trivy states a Debian source's revision and epoch in properties of their own. */
static bool complete_version(
	struct tu_arena *arena, const struct tu_component *c, struct tu_str *version)
{
	struct tu_str release = tu_component_property(c, TU_STR("aquasecurity:trivy:SrcRelease"));
	struct tu_str epoch = tu_component_property(c, TU_STR("aquasecurity:trivy:SrcEpoch"));
	struct tu_buf text;
	bool ok;

	if (version->len == 0 || version->len > VERSION_MAX_BYTES ||
		release.len > VERSION_MAX_BYTES || (release.len == 0 && epoch.len == 0))
		return true;
	tu_buf_init(&text, 3 * VERSION_MAX_BYTES);
	if (is_usable_epoch(epoch, *version))
		tu_buf_printf(&text, "%.*s:", TU_STR_FMT(epoch));
	tu_buf_str_add(&text, *version);
	if (release.len)
		tu_buf_printf(&text, "-%.*s", TU_STR_FMT(release));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), version);
	tu_buf_done(&text);
	return ok;
}

bool tu_match__component_source(struct tu_arena *arena, const struct tu_component *component,
	const struct tu_purl *purl, struct source_package *out_source)
{
	struct source_package source = stated_source(component, purl);
	struct tu_str epoch = tu_purl_qualifier(purl, TU_STR("epoch"));

	*out_source = (struct source_package){0};
	if (tu_str_ends(source.name, TU_STR(".src.rpm"))) {
		struct tu_str file = source.name;

		source = (struct source_package){0};
		if (!split_source_rpm(arena, file, epoch, &source))
			return false;
	} else if (!complete_version(arena, component, &source.version)) {
		return false;
	}
	*out_source = source;
	return true;
}
