#include "portfolio/prepare.h"

#include <stdlib.h>

#include "base/intern.h"

#define KEYS_MAX ((size_t)1 << 30)
#define TEXT_MAX ((size_t)1 << 20)

struct preparing {
	struct tu_prepared *out;
	struct tu_identities identities;
	struct tu_intern *seen; /* keys; ids are indexes of components */
};

/* What all versions of a package share, for lists: its purl without version, else its name. */
static bool package_of(
	struct tu_arena *arena, const struct tu_component *c, struct tu_str *out_package)
{
	struct tu_str purl = tu_str_first(c->purl, tu_str_find(c->purl, '?'));
	size_t at;
	struct tu_buf text;
	bool ok;

	purl = tu_str_first(purl, tu_str_find(purl, '#'));
	at = tu_str_rfind(purl, '@');
	if (at < purl.len && tu_str_find(tu_str_from(purl, at), '/') + at == purl.len)
		purl = tu_str_first(purl, at);
	if (purl.len)
		return tu_arena_dup(arena, purl, out_package);
	tu_buf_init(&text, TEXT_MAX);
	if (c->group.len)
		tu_buf_printf(&text, "%.*s/", TU_STR_FMT(c->group));
	tu_buf_str_add(&text, c->name.len ? c->name : TU_STR("(no name)"));
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out_package);
	tu_buf_done(&text);
	return ok;
}

/* By itself first; with everything beside it where that makes a difference. */
static enum tu_status identify(struct preparing *p, const struct tu_distinct *distinct,
	struct tu_prepared_component *c, struct tu_error *err)
{
	struct tu_prepared *out = p->out;
	struct tu_facts alone;
	bool release;
	enum tu_status status;

	if (!tu_match__keys(out->arena, &out->inventory->components[distinct->first],
		    out->match->distro, &c->keys, &release) ||
		tu_facts_of(out->arena, out->kb, out->match, distinct, &c->facts) ||
		tu_identity_of(&p->identities, distinct->first, release, false, &c->identity))
		return tu_no_memory(err);
	if (!c->facts.platform)
		return TU_OK;
	status = tu_facts_match(out->arena, out->kb, c->identity.text, &alone, err);
	if (status != TU_OK || tu_facts_eq(&alone, &c->facts))
		return status;
	return tu_identity_of(&p->identities, distinct->first, release, true, &c->identity)
		? tu_no_memory(err)
		: TU_OK;
}

/* Components that only differ in what matching does not ask for are one. */
static enum tu_status take(
	struct preparing *p, const struct tu_distinct *distinct, struct tu_error *err)
{
	struct tu_prepared *out = p->out;
	struct tu_prepared_component c = {.component = distinct->first};
	struct tu_prepared_component *at;
	uint32_t id = 0;
	enum tu_status status = identify(p, distinct, &c, err);

	if (status != TU_OK)
		return status;
	if (!tu_intern_add(p->seen, tu_str_of((const char *)c.identity.key, TU_SHA256_BYTES), &id))
		return tu_no_memory(err);
	at = &out->components[id];
	if (id == out->component_count) {
		*at = c;
		if (!package_of(out->arena, &out->inventory->components[c.component], &at->package))
			return tu_no_memory(err);
		at->context = out->match->distro;
		out->component_count++;
		out->fact_count += c.facts.count;
	}
	at->uses += (int64_t)distinct->component_count;
	for (size_t i = 0; i < distinct->component_count; i++)
		out->component_of[distinct->components[i]] = id;
	return TU_OK;
}

static enum tu_status take_all(struct preparing *p, struct tu_error *err)
{
	struct tu_prepared *out = p->out;
	enum tu_status status = TU_OK;

	out->components =
		tu_arena_array(out->arena, out->match->distinct_count, sizeof(*out->components));
	out->component_of = tu_arena_array(
		out->arena, out->inventory->component_count, sizeof(*out->component_of));
	p->seen = tu_intern_new(KEYS_MAX);
	if (!out->components || !out->component_of || !p->seen)
		return tu_no_memory(err);
	if (tu_identities_begin(&p->identities, out->arena, out->kb, out->inventory,
		    out->match->distro) != TU_OK)
		return tu_no_memory(err);
	for (size_t i = 0; i < out->match->distinct_count && status == TU_OK; i++)
		status = take(p, &out->match->distinct[i], err);
	return status;
}

enum tu_status tu_prepare(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_inventory *inventory, struct tu_prepared *out, struct tu_error *err)
{
	struct preparing p = {.out = out};
	enum tu_status status;

	*out = (struct tu_prepared){.arena = arena, .kb = kb, .inventory = inventory};
	status = tu_match(arena, kb, inventory, NULL, &out->match, err);
	if (status == TU_OK)
		status = take_all(&p, err);
	tu_intern_free(p.seen);
	return status;
}
