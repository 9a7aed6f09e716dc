#include "match/distro.h"

#include <tutela/buf.h>

#include "ident/distro.h"
#include "ident/distro_marks.h"

enum { NAME_MAX_BYTES = 256, VERSION_MAX_BYTES = 4096 };

/* ---- releases ---- */

static bool operating_system(
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

bool tu_match__inventory_distro(struct tu_arena *arena, const struct tu_inventory *inventory,
	struct inventory_distro *out_distro)
{
	bool ok = operating_system(arena, inventory, &out_distro->text);

	out_distro->namespace_ = tu_distro_namespace(out_distro->text);
	return ok;
}

static bool release_of(struct tu_arena *arena, const struct tu_component *component,
	const struct tu_purl *purl, const struct inventory_distro *inventory,
	struct tu_str *out_distro)
{
	struct tu_str stated = tu_purl_qualifier(purl, TU_STR("distro"));
	struct tu_str namespace_ = tu_distro_namespace(purl->namespace_);
	struct tu_str version = purl->version.len ? purl->version : component->version;
	struct tu_str by_version;

	*out_distro = (struct tu_str){"", 0};
	if (stated.len && !tu_distro_spell_in(arena, purl->namespace_, stated, out_distro))
		return false;
	if (tu_distro_has_release(*out_distro))
		return true;
	/* "debian" without release says no more than the namespace. */
	if (namespace_.len == 0)
		namespace_ = tu_distro_namespace(*out_distro);
	if (!tu_distro_of_version(arena, namespace_, version, &by_version))
		return false;
	*out_distro = (struct tu_str){"", 0};
	if (namespace_.len == 0 || tu_str_eq(namespace_, inventory->namespace_))
		*out_distro = inventory->text;
	if (!tu_distro_has_release(*out_distro))
		*out_distro = by_version;
	return true;
}

bool tu_match__component_distro(struct tu_arena *arena, const struct tu_component *component,
	const struct tu_purl *purl, const struct inventory_distro *inventory,
	struct tu_str *out_distro)
{
	struct tu_str version = purl->version.len ? purl->version : component->version;
	struct distro_mark mark;

	if (!release_of(arena, component, purl, inventory, out_distro))
		return false;
	return !tu_distro_mark_find(version, &mark) || !mark.backport ||
		tu_distro_backported(arena, *out_distro, out_distro);
}

/* ---- versions ---- */

/* What stands for no epoch in versions that a program wrote without looking. */
static bool skip_null_epoch(struct tu_str *version)
{
	static const struct tu_str words[] = {TU_STR_INIT("(none):"), TU_STR_INIT("none:"),
		TU_STR_INIT("null:"), TU_STR_INIT("(null):"), TU_STR_INIT("nil:")};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_istarts(*version, words[i])) {
			*version = tu_str_from(*version, words[i].len);
			return true;
		}
	}
	return false;
}

struct tu_str tu_match__take_epoch(struct tu_str *version)
{
	struct tu_str rest = *version;
	struct tu_str epoch = tu_str_digits(&rest);

	if (skip_null_epoch(version) || epoch.len == 0 || !tu_str_skip(&rest, TU_STR(":")))
		return (struct tu_str){"", 0};
	*version = rest;
	return epoch;
}

bool tu_match__with_epoch(struct tu_arena *arena, struct tu_str epoch, struct tu_str version,
	struct tu_str *out_version)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, 2 * VERSION_MAX_BYTES);
	tu_buf_printf(&text, "%.*s:%.*s", TU_STR_FMT(epoch), TU_STR_FMT(version));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_version);
	tu_buf_done(&text);
	return ok;
}

bool tu_match__is_epoch(struct tu_str epoch)
{
	struct tu_str rest = epoch;

	return tu_str_digits(&rest).len && rest.len == 0 && epoch.len <= 20 &&
		!tu_str_eq(epoch, TU_STR("0"));
}

/* Besides the version itself. The component's own version counts only where it is the same one. */
static struct tu_str epoch_beside(
	const struct tu_component *component, const struct tu_purl *purl, struct tu_str version)
{
	struct tu_str whole = component->version;
	struct tu_str stated[3] = {tu_purl_qualifier(purl, TU_STR("epoch")),
		tu_component_property(component, TU_STR("syft:metadata:epoch")),
		tu_match__take_epoch(&whole)};

	if (!tu_str_eq(whole, version))
		stated[2] = (struct tu_str){"", 0};
	for (size_t i = 0; i < TU_COUNT(stated); i++) {
		if (tu_match__is_epoch(stated[i]))
			return stated[i];
	}
	return (struct tu_str){"", 0};
}

/* Names of files end in the architecture: "1.2.3-4.el8.x86_64", "1.2.3-4_amd64". */
static struct tu_str without_architecture(struct tu_str version)
{
	static const struct tu_str architectures[] = {TU_STR_INIT("aarch64"), TU_STR_INIT("all"),
		TU_STR_INIT("amd64"), TU_STR_INIT("arm64"), TU_STR_INIT("armhf"),
		TU_STR_INIT("armv6hl"), TU_STR_INIT("armv7hl"), TU_STR_INIT("i386"),
		TU_STR_INIT("i486"), TU_STR_INIT("i586"), TU_STR_INIT("i686"),
		TU_STR_INIT("loongarch64"), TU_STR_INIT("noarch"), TU_STR_INIT("ppc64"),
		TU_STR_INIT("ppc64el"), TU_STR_INIT("ppc64le"), TU_STR_INIT("riscv64"),
		TU_STR_INIT("s390x"), TU_STR_INIT("src"), TU_STR_INIT("x86_64")};

	for (size_t i = 0; i < TU_COUNT(architectures); i++) {
		size_t at = version.len - architectures[i].len - 1;

		if (version.len > architectures[i].len + 1 &&
			tu_str_ends(version, architectures[i]) &&
			(version.ptr[at] == '.' || version.ptr[at] == '_'))
			return tu_str_first(version, at);
	}
	return version;
}

bool tu_match__component_version(struct tu_arena *arena, const struct tu_component *component,
	const struct tu_purl *purl, struct tu_str *out_version)
{
	static const struct tu_str types[] = {
		TU_STR_INIT("deb"), TU_STR_INIT("rpm"), TU_STR_INIT("alpm"), TU_STR_INIT("opkg")};
	struct tu_str version, epoch;
	size_t i = 0;

	*out_version = version = purl->version.len ? purl->version : component->version;
	while (i < TU_COUNT(types) && !tu_str_eq(types[i], purl->type))
		i++;
	if (i == TU_COUNT(types))
		return true;
	*out_version = version = without_architecture(version);
	if (tu_match__take_epoch(&version).len)
		return true;
	*out_version = version;
	epoch = epoch_beside(component, purl, version);
	if (epoch.len == 0 || version.len == 0 || version.len > VERSION_MAX_BYTES)
		return true;
	return tu_match__with_epoch(arena, epoch, version, out_version);
}
