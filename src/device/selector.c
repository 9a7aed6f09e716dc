/* Which components a selector means: plain comparisons of texts with "*", nothing is parsed. */
#include <tutela/device.h>

#include "base/glob.h"
#include "device/glob.h"
#include "device/path.h"

bool tu_glob_matches(struct tu_str pattern, struct tu_str text)
{
	return tu_glob(pattern, text, true);
}

/* A purl up to the first of these: "@" only after the last "/", for a scope may begin with it. */
static struct tu_str without_tail(struct tu_str purl, bool keep_version)
{
	size_t slash;
	struct tu_str name;

	purl = tu_str_first(purl, tu_str_find(purl, '#'));
	purl = tu_str_first(purl, tu_str_find(purl, '?'));
	if (keep_version)
		return purl;
	slash = tu_str_rfind(purl, '/');
	name = tu_str_from(purl, slash);
	return tu_str_first(purl, slash + tu_str_find(name, '@'));
}

static bool has_version(struct tu_str purl)
{
	return without_tail(purl, false).len < without_tail(purl, true).len;
}

static bool purl_matches(struct tu_str pattern, struct tu_str purl)
{
	if (tu_str_find(pattern, '?') < pattern.len)
		return tu_glob_matches(pattern, purl);
	return tu_glob_matches(pattern, without_tail(purl, has_version(pattern)));
}

/* The next attribute of a formatted string: up to a colon without a backslash before it. */
static bool next_attr(struct tu_str *rest, struct tu_str *out_attr)
{
	size_t end = 0;

	if (!rest->ptr)
		return false;
	while (end < rest->len && rest->ptr[end] != ':')
		end += rest->ptr[end] == '\\' && end + 1 < rest->len ? 2 : 1;
	*out_attr = tu_str_first(*rest, end);
	*rest = end < rest->len ? tu_str_from(*rest, end + 1) : (struct tu_str){0};
	return true;
}

/* Attribute by attribute; what the pattern leaves away is any. */
static bool cpe_matches(struct tu_str pattern, struct tu_str cpe)
{
	struct tu_str wanted, stated;

	while (next_attr(&pattern, &wanted))
		if (!next_attr(&cpe, &stated) || !tu_glob_matches(wanted, stated))
			return false;
	return true;
}

static bool any_cpe_matches(struct tu_str pattern, const struct tu_component *component)
{
	for (size_t i = 0; i < component->cpe_count; i++)
		if (cpe_matches(pattern, component->cpes[i]))
			return true;
	return false;
}

bool tu_selector_is_empty(const struct tu_selector *s)
{
	return !s->name.len && !s->purl.len && !s->cpe.len && !s->ref.len && !s->path.len;
}

bool tu_selector_matches(const struct tu_selector *selector, const struct tu_inventory *inventory,
	uint32_t component)
{
	const struct tu_component *c = &inventory->components[component];

	if (tu_selector_is_empty(selector))
		return false;
	if (selector->name.len && !tu_glob_matches(selector->name, c->name))
		return false;
	if (selector->version.len && !tu_glob_matches(selector->version, c->version))
		return false;
	if (selector->purl.len && !purl_matches(selector->purl, c->purl))
		return false;
	if (selector->cpe.len && !any_cpe_matches(selector->cpe, c))
		return false;
	if (selector->ref.len && !tu_glob_matches(selector->ref, c->ref))
		return false;
	return !selector->path.len || tu_path_matches(selector->path, inventory, component);
}

bool tu_selector_matches_alone(const struct tu_selector *selector,
	const struct tu_inventory *inventory, uint32_t component)
{
	return tu_selector_matches(selector, inventory, component) &&
		(!selector->path.len || tu_path_is_only(inventory, component));
}

bool tu_selector_eq(const struct tu_selector *a, const struct tu_selector *b)
{
	return tu_str_ieq(a->name, b->name) && tu_str_eq(a->version, b->version) &&
		tu_str_eq(a->purl, b->purl) && tu_str_ieq(a->cpe, b->cpe) &&
		tu_str_eq(a->ref, b->ref) && tu_str_eq(a->path, b->path);
}
