#include "match/engine.h"

#include "base/buf_over.h"
#include "base/hash.h"
#include "ident/cpe_split.h"
#include "match/distro.h"
#include "match/judge.h"
#include "match/module.h"
#include "match/reason.h"

/* ---- evidence ---- */

/* How a package or a product was found. */
struct route {
	enum tu_match_by by;
	struct tu_str identifier;
	const struct tu_cpe *cpe; /* NULL: by name */
	const struct id_version *version;
	bool by_word; /* by a name, of which there may be several */
	bool vendor_open;
	bool exact_alias; /* the alias names this very purl */
	bool distribution; /* a whole one */
	bool kernel; /* of a vendor, by the rule of names */
};

/* An entry at hand, and the package or product that it belongs to. */
struct visit {
	uint32_t entry;
	uint32_t owner;
};

static struct judge judge_of(const struct engine *e)
{
	return (struct judge){e->kb, e->scratch};
}

/* In a scan, one "out of range" a record is enough: thousands of enumerated versions of an old
 * kernel would say it thousands of times. */
static bool says_nothing_new(const struct engine *e, const struct tu_evidence *new)
{
	const struct tu_evidence *last;

	if (e->keep_all || e->evidence.count == 0 || new->verdict != TU_MATCH_NOT_AFFECTED)
		return false;
	last = &e->evidence.at[e->evidence.count - 1];
	return e->evidence.count > e->owner_evidence && last->vulnerability == new->vulnerability &&
		last->advisory == new->advisory && last->verdict == new->verdict &&
		last->by == new->by &&tu_match__reason_kinds[last->reason].votes ==
		tu_match__reason_kinds[new->reason].votes;
}

static bool add_evidence(struct engine *e, struct visit visit, const struct route *route,
	struct tu_str version, struct outcome outcome)
{
	const struct kb_entry *row = &e->kb->entries[visit.entry];
	struct tu_evidence evidence = {.vulnerability = row->vulnerability,
		.advisory = row->advisory,
		.entry = visit.entry,
		.owner = visit.owner,
		.span = outcome.span,
		.verdict = tu_match__reason_kinds[outcome.reason].verdict,
		.reason = outcome.reason,
		.by = route->by,
		.identifier = route->identifier,
		.version = version,
		.by_word = route->by_word,
		.platform_assumed = outcome.platform_assumed};

	return says_nothing_new(e, &evidence) || TU_VEC_PUSH(&e->evidence, evidence);
}

static bool is_affected(enum tu_reason reason)
{
	return tu_match__reason_kinds[reason].verdict == TU_MATCH_AFFECTED;
}

/* ---- packages ---- */

static enum tu_reason package_reason(struct engine *e, const struct identity *id,
	const struct id_package *package, const struct kb_entry *row, enum tu_reason reason)
{
	const struct kb_body *body = kb_body(e->kb, row);
	enum tu_reason triage = TU_WHY_NONE;

	if (row->body & KB_WITHDRAWN)
		return TU_WHY_WITHDRAWN;
	if (id->class == ID_LANGUAGE)
		return is_affected(reason) && id->distribution ? TU_WHY_BACKPORT : reason;
	if (tu_match__other_stream(e->kb, body, id, package))
		reason = TU_WHY_OTHER_STREAM;
	reason = tu_match__release_reason(e, id, package, body, reason);
	if (package->of_origin)
		return tu_match__origin_reason(reason);
	if (!is_affected(reason))
		return reason;
	if (tu_str_eq(package->type, TU_STR("deb")))
		triage = tu_match__triage_reason(kb_str(e->kb, body->module));
	return triage ? triage : reason;
}

/* `*found` becomes true when there are records of it. */
static bool examine_package(
	struct engine *e, const struct identity *id, const struct id_package *package, bool *found)
{
	const struct judge judge = judge_of(e);
	uint32_t owner =
		tu_kb__find_package(e->kb, package->type, package->namespace_, package->name);
	struct kb_slice slice = {0, 0};
	const struct route route = {.by = id->class == ID_DISTRO ? TU_BY_DISTRO : TU_BY_PACKAGE,
		.identifier = id->component->purl};

	e->owner_evidence = e->evidence.count;
	if (owner != KB_NONE)
		slice = tu_kb__package_entries(e->kb, owner);
	*found |= slice.end > slice.first;
	for (uint32_t entry = slice.first; entry < slice.end; entry++) {
		const struct kb_entry *row = &e->kb->entries[entry];
		struct outcome outcome;

		if (!package->is_parent)
			tu_match__note_release(e, id, package, kb_body(e->kb, row));
		if (!engine_wants(e, row->vulnerability))
			continue;
		e->candidates++;
		outcome = tu_match__judge(&judge, kb_body(e->kb, row), package->version);
		outcome.reason = package_reason(e, id, package, row, outcome.reason);
		if (package->is_parent && is_affected(outcome.reason)) {
			outcome.reason = TU_WHY_PARENT_MODULE;
			e->known = true;
		}
		if (!add_evidence(e, (struct visit){entry, owner}, &route, package->version->text,
			    outcome))
			return false;
	}
	return true;
}

/* By its own distribution's records; where these do not know it, by those of the origin. */
static bool examine_packages(struct engine *e, const struct identity *id)
{
	bool found = false;

	for (unsigned origin = 0; origin < 2 && !(origin && e->known); origin++) {
		for (size_t i = 0; i < id->package_count; i++) {
			const struct id_package *package = &id->packages[i];

			if (package->of_origin != (origin == 1) || (package->is_parent && found))
				continue;
			if (!examine_package(e, id, package, &found))
				return false;
		}
	}
	e->release_missed &= !e->known;
	return true;
}

/* ---- products ---- */

/* Software that a CPE's target_sw names, and the ecosystem whose packages it means; empty: a system
 * that any package may run on. */
static const struct target {
	struct tu_str word;
	struct tu_str type;
} targets[] = {
	{TU_STR_INIT("node.js"), TU_STR_INIT("npm")},
	{TU_STR_INIT("python"), TU_STR_INIT("pypi")},
	{TU_STR_INIT("ruby"), TU_STR_INIT("gem")},
	{TU_STR_INIT("rust"), TU_STR_INIT("cargo")},
	{TU_STR_INIT("go"), TU_STR_INIT("golang")},
	{TU_STR_INIT("golang"), TU_STR_INIT("golang")},
	{TU_STR_INIT("java"), TU_STR_INIT("maven")},
	{TU_STR_INIT("maven"), TU_STR_INIT("maven")},
	{TU_STR_INIT("jenkins"), TU_STR_INIT("maven")},
	{TU_STR_INIT("php"), TU_STR_INIT("composer")},
	{TU_STR_INIT("composer"), TU_STR_INIT("composer")},
	{TU_STR_INIT("wordpress"), TU_STR_INIT("composer")},
	{TU_STR_INIT("drupal"), TU_STR_INIT("composer")},
	{TU_STR_INIT("typo3"), TU_STR_INIT("composer")},
	{TU_STR_INIT(".net"), TU_STR_INIT("nuget")},
	{TU_STR_INIT("linux"), TU_STR_INIT("")},
	{TU_STR_INIT("linux_kernel"), TU_STR_INIT("")},
	{TU_STR_INIT("unix"), TU_STR_INIT("")},
};

static const struct target *find_target(struct tu_str attr)
{
	const struct target *found = NULL;
	char text[TU_CPE_MAX];
	struct tu_buf plain = tu_buf_over(text, sizeof(text));

	tu_cpe_attr_plain(attr, &plain);
	for (size_t i = 0; i < TU_COUNT(targets) && !found; i++) {
		if (tu_str_eq(targets[i].word, tu_buf_str(&plain)))
			found = &targets[i];
	}
	return found;
}

/* A package of one ecosystem is not one of another; a word that is not in the table decides
 * nothing. */
static enum tu_reason target_reason(
	const struct identity *id, const struct tu_cpe *stated, const struct tu_cpe *actual)
{
	struct tu_str attr = stated->attr[TU_CPE_TARGET_SW];
	const struct target *target;

	if (tu_str_eq(attr, TU_STR("*")) || tu_str_eq(attr, TU_STR("-")) ||
		(actual && !tu_str_eq(actual->attr[TU_CPE_TARGET_SW], TU_STR("*"))))
		return TU_WHY_NONE;
	target = find_target(attr);
	if (!target)
		return TU_WHY_PLATFORM_UNKNOWN;
	if (target->type.len == 0 || tu_str_eq(target->type, id->purl.type))
		return TU_WHY_NONE;
	return id->class == ID_LANGUAGE ? TU_WHY_OTHER_EDITION : TU_WHY_PLATFORM_UNKNOWN;
}

/* As most attributes are, on both sides. */
static inline bool is_any(struct tu_str attr)
{
	return attr.len == 1 && attr.ptr[0] == '*';
}

/* CPE leaves open what a pattern of the component means for a value of the record. */
static enum tu_reason compare_attribute(
	const struct tu_cpe *stated, const struct tu_cpe *actual, enum tu_cpe_attr attr)
{
	switch (tu_cpe_attr_compare(stated->attr[attr], actual->attr[attr])) {
	case TU_CPE_DISJOINT:
		return TU_WHY_OTHER_EDITION;
	case TU_CPE_UNDEFINED:
		return TU_WHY_UPDATE_UNKNOWN;
	case TU_CPE_EQUAL:
	case TU_CPE_SUBSET:
	case TU_CPE_SUPERSET:
		break;
	}
	return TU_WHY_NONE;
}

static enum tu_reason compare_attributes(const struct tu_cpe *stated, const struct tu_cpe *actual)
{
	static const enum tu_cpe_attr compared[] = {TU_CPE_EDITION, TU_CPE_LANGUAGE,
		TU_CPE_SW_EDITION, TU_CPE_TARGET_SW, TU_CPE_TARGET_HW, TU_CPE_OTHER};
	enum tu_reason worst = TU_WHY_NONE;

	for (size_t i = 0; actual && i < TU_COUNT(compared); i++) {
		enum tu_reason reason;

		if (is_any(stated->attr[compared[i]]) && is_any(actual->attr[compared[i]]))
			continue;
		reason = compare_attribute(stated, actual, compared[i]);
		if (reason == TU_WHY_OTHER_EDITION)
			return reason;
		if (reason)
			worst = reason;
	}
	return worst;
}

/* The name that the entry states, taken apart. NULL: it states none, or none that can be
 * understood. */
static const struct tu_cpe *stated_name(struct engine *e, uint32_t detail)
{
	struct stated_name *name = &e->names[detail % NAMES_KEPT];

	if (detail == 0)
		return NULL;
	if (name->detail != detail) {
		name->detail = detail;
		name->clear = tu_cpe__split(kb_str(e->kb, detail), &name->cpe);
	}
	return name->clear ? &name->cpe : NULL;
}

/* The attributes besides vendor, product and version. */
static enum tu_reason attribute_reason(struct engine *e, const struct identity *id,
	const struct kb_body *row, const struct route *route)
{
	const struct tu_cpe *actual = route->cpe;
	const struct tu_cpe *stated;
	enum tu_reason reason, update;

	if (actual && row->part != '*' && actual->attr[TU_CPE_PART].len == 1 &&
		actual->attr[TU_CPE_PART].ptr[0] != '*' &&
		actual->attr[TU_CPE_PART].ptr[0] != row->part)
		return TU_WHY_OTHER_EDITION;
	stated = stated_name(e, row->detail);
	if (!stated)
		return TU_WHY_NONE;
	reason = compare_attributes(stated, actual);
	if (reason == TU_WHY_OTHER_EDITION)
		return reason;
	update = tu_match__update_reason(e->kb, row, stated->attr[TU_CPE_UPDATE], route->version);
	if (update == TU_WHY_OTHER_EDITION || reason == TU_WHY_NONE)
		reason = update;
	return reason ? reason : target_reason(id, stated, actual);
}

static bool kb_has_type(struct engine *e, struct tu_str type)
{
	uint32_t bit = tu_kb__ecosystem_bit(type);
	uint32_t lo = 0;
	uint32_t hi = tu_kb__rows(e->kb, KB_PACKAGES);
	uint32_t rows = hi;

	if (e->types_asked & bit)
		return (e->types_present & bit) != 0;
	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;

		if (tu_str_cmp(kb_str(e->kb, e->kb->packages[middle].type), type) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	e->types_asked |= bit;
	if (lo < rows && tu_str_eq(kb_str(e->kb, e->kb->packages[lo].type), type))
		e->types_present |= bit;
	return (e->types_present & bit) != 0;
}

/* How far a product record may be believed for this component when it says "affected". */
static enum tu_reason trust_reason(struct engine *e, const struct identity *id,
	const struct kb_entry *row, const struct route *route)
{
	uint32_t bit = tu_kb__ecosystem_bit(id->purl.type);

	if (route->by == TU_BY_NAME)
		return TU_WHY_NAME_ONLY;
	if (id->class == ID_DISTRO || id->distribution || route->version->distribution)
		return TU_WHY_BACKPORT;
	if (id->class == ID_LANGUAGE) {
		if (kb_vulnerability(e->kb, row->vulnerability)->ecosystems & bit)
			return TU_WHY_OTHER_PACKAGE;
		if (!route->exact_alias && kb_has_type(e, id->purl.type))
			return TU_WHY_CPE_DOUBTFUL;
	}
	return route->vendor_open ? TU_WHY_VENDOR_UNKNOWN : TU_WHY_NONE;
}

/* Entries of one product share bodies, and what a body says of one version found in one way is
 * the same for all of them. */
static const struct judged *judge_body(struct engine *e, const struct identity *id,
	const struct kb_entry *row, const struct route *route)
{
	const struct judge judge = judge_of(e);
	const struct kb_body *body = kb_body(e->kb, row);
	uint32_t number = (uint32_t)(body - e->kb->bodies);
	struct judged *judged = &e->judged[number % JUDGED_KEPT];

	if (judged->visit != e->visit || judged->body != number)
		*judged = (struct judged){.visit = e->visit,
			.body = number,
			.outcome = tu_match__judge_product(&judge, body, route->version),
			.attributes = attribute_reason(e, id, body, route)};
	return judged;
}

static bool examine_entry(
	struct engine *e, const struct identity *id, struct visit visit, const struct route *route)
{
	const struct kb_entry *row = &e->kb->entries[visit.entry];
	const struct judged *judged = judge_body(e, id, row, route);
	struct outcome outcome = judged->outcome;
	bool assumed = false;
	enum tu_reason reason;

	if ((row->body & KB_WITHDRAWN))
		outcome.reason = TU_WHY_WITHDRAWN;
	else if (route->distribution)
		outcome.reason = TU_WHY_DISTRIBUTION;
	else if ((reason = judged->attributes) == TU_WHY_OTHER_EDITION)
		outcome.reason = reason;
	else if (reason && is_affected(outcome.reason))
		outcome.reason = reason;
	if (is_affected(outcome.reason)) {
		e->platform_asked |= row->configuration != KB_NONE;
		reason = tu_match__platform_reason(e, row, &assumed);
		if (reason == TU_WHY_NONE)
			reason = trust_reason(e, id, row, route);
		if (reason)
			outcome.reason = reason;
	}
	/* Where only the name is alike, all but a hit is noise. */
	if (route->by == TU_BY_NAME && outcome.reason != TU_WHY_NAME_ONLY &&
		!(route->kernel && outcome.reason == TU_WHY_NO_VERSION))
		return true;
	outcome.platform_assumed = assumed;
	return add_evidence(e, visit, route, route->version->whole->text, outcome);
}

static bool already_visited(struct engine *e, uint32_t product)
{
	for (size_t i = 0; i < e->visited.count; i++) {
		if (e->visited.at[i] == product)
			return true;
	}
	return false;
}

static bool examine_product(
	struct engine *e, const struct identity *id, uint32_t product, const struct route *route)
{
	struct kb_slice slice = tu_kb__product_entries(e->kb, product);

	e->owner_evidence = e->evidence.count;
	if (route->by != TU_BY_CPE) {
		if (already_visited(e, product))
			return true;
	}
	if (!TU_VEC_PUSH(&e->visited, product))
		return false;
	e->visit++;
	for (uint32_t entry = slice.first; entry < slice.end; entry++) {
		const struct kb_entry *row = &e->kb->entries[entry];
		uint8_t flags = kb_body(e->kb, row)->flags;

		if (!(flags & KB_VULNERABLE) || (flags & KB_NEGATE))
			continue;
		/* Neither a name-only resemblance nor what is said of a whole distribution makes a
		 * component known. */
		e->known |= route->by != TU_BY_NAME && !route->distribution;
		if (!engine_wants(e, row->vulnerability))
			continue;
		e->candidates++;
		if (!examine_entry(e, id, (struct visit){entry, product}, route))
			return false;
	}
	return true;
}

/* A CPE whose vendor is ANY, as Yocto writes it: the curated names say whose product it is, else
 * the only vendor that has one; several leave it open. */
static bool examine_open_vendor(
	struct engine *e, const struct identity *id, const struct id_cpe *cpe, struct route route)
{
	struct tu_str product = cpe->name.attr[TU_CPE_PRODUCT];
	struct kb_slice rows = tu_kb__find_product_name(e->kb, product);
	struct kb_slice names = tu_kb__find_name(e->kb, product);

	if (names.end > names.first) {
		route.by_word = true;
		for (uint32_t i = names.first; i < names.end; i++) {
			const struct kb_name *name = &e->kb->names[i];
			uint32_t row = tu_kb__find_product(
				e->kb, kb_str(e->kb, name->vendor), kb_str(e->kb, name->product));

			if (row != KB_NONE && !examine_product(e, id, row, &route))
				return false;
		}
		return true;
	}
	route.vendor_open = rows.end - rows.first > 1;
	for (uint32_t row = rows.first; row < rows.end; row++) {
		if (!examine_product(e, id, row, &route))
			return false;
	}
	return true;
}

static bool same_target(const struct id_cpe *a, const struct id_cpe *b)
{
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		if (!tu_str_eq(a->name.attr[i], b->name.attr[i]))
			return false;
	}
	return true;
}

static uint64_t hash_of(const struct id_cpe *cpe, uint64_t seed)
{
	uint64_t hash = seed;

	for (size_t i = 0; i < TU_CPE_ATTRS; i++)
		hash = tu_hash_seeded(cpe->name.attr[i], hash);
	return hash;
}

/* Enter a CPE name in a table of indices + 1. False: one with the same attributes is there. */
static bool enter_cpe(uint32_t *slots, size_t mask, const struct identity *id, size_t index)
{
	size_t slot = (size_t)hash_of(&id->cpes[index], (uint64_t)(uintptr_t)slots) & mask;

	for (; slots[slot]; slot = (slot + 1) & mask) {
		if (same_target(&id->cpes[slots[slot] - 1], &id->cpes[index]))
			return false;
	}
	slots[slot] = (uint32_t)index + 1;
	return true;
}

static bool examine_cpes(struct engine *e, const struct identity *id)
{
	size_t mask = 1;
	uint32_t *slots;

	while (mask < 2 * id->cpe_count)
		mask = 2 * mask + 1;
	slots = tu_arena_array(e->scratch, mask + 1, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < id->cpe_count; i++) {
		const struct id_cpe *cpe = &id->cpes[i];
		struct route route = {.by = TU_BY_CPE,
			.identifier = cpe->text,
			.cpe = &cpe->name,
			.version = &cpe->version,
			.distribution = tu_match__is_distribution(
				cpe->name.attr[TU_CPE_VENDOR], cpe->name.attr[TU_CPE_PRODUCT])};
		bool open = tu_str_eq(cpe->name.attr[TU_CPE_VENDOR], TU_STR("*"));
		uint32_t row;

		if (!enter_cpe(slots, mask, id, i))
			continue;
		if (open) {
			if (!examine_open_vendor(e, id, cpe, route))
				return false;
			continue;
		}
		row = tu_kb__find_product(
			e->kb, cpe->name.attr[TU_CPE_VENDOR], cpe->name.attr[TU_CPE_PRODUCT]);
		if (row != KB_NONE && !examine_product(e, id, row, &route))
			return false;
	}
	return true;
}

/* `*out_found`: the name is known, whether or not its products have records. */
static bool examine_alias(struct engine *e, const struct identity *id, struct tu_str name,
	bool exact, bool *out_found)
{
	struct kb_slice names = tu_kb__find_name(e->kb, name);

	for (uint32_t i = names.first; i < names.end; i++) {
		const struct kb_name *alias = &e->kb->names[i];
		uint32_t row = tu_kb__find_product(
			e->kb, kb_str(e->kb, alias->vendor), kb_str(e->kb, alias->product));
		struct route route = {.by = TU_BY_ALIAS,
			.by_word = true,
			.identifier = name,
			.version = &id->upstream,
			.exact_alias = exact};

		*out_found = true;
		if (row != KB_NONE && !examine_product(e, id, row, &route))
			return false;
	}
	return true;
}

/* A vendor's kernel may be patched in any way: a hint as well. */
static bool examine_name_only(struct engine *e, const struct identity *id)
{
	bool kernel = tu_match__names_vendor_kernel(id);

	for (size_t i = 0; i < id->plain_name_count; i++) {
		struct kb_slice rows = tu_kb__find_product_name(
			e->kb, kernel ? TU_STR("linux_kernel") : id->plain_names[i]);
		struct route route = {.by = TU_BY_NAME,
			.identifier = id->component->name,
			.version = &id->upstream,
			.kernel = kernel};

		for (uint32_t row = rows.first; row < rows.end; row++) {
			if (!examine_product(e, id, row, &route))
				return false;
		}
	}
	return true;
}

static bool examine_names(struct engine *e, const struct identity *id)
{
	bool found = false;

	if (id->has_purl && !examine_alias(e, id, id->purl_key, true, &found))
		return false;
	if (id->class == ID_LANGUAGE)
		return true;
	for (size_t i = 0; i < id->plain_name_count; i++) {
		if (!examine_alias(e, id, id->plain_names[i], false, &found))
			return false;
	}
	/* Nothing else names it: look for the bare name, as a hint to a person. */
	if (!found && id->cpe_count == 0 && id->class == ID_PLAIN && !e->known)
		return examine_name_only(e, id);
	return true;
}

bool tu_match__examine(struct engine *engine, const struct identity *id)
{
	engine->evidence.count = 0;
	engine->visited.count = 0;
	engine->known = false;
	engine->platform_asked = false;
	engine->release_missed = false;
	return examine_packages(engine, id) && examine_cpes(engine, id) &&
		examine_names(engine, id);
}
