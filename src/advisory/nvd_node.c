/*
 * NVD's configurations become products of a configuration (alternatives) and a node within it (all
 * must be there); the products of a node are alternatives again.
 *
 * Nested operators are flattened: an OR is several configurations or products, an AND several
 * nodes, a negation is moved inwards by De Morgan's laws. An AND below an OR that is below an
 * AND has no such form; it is reported.
 */
#include "advisory/reader.h"

#include "ident/java.h"

enum { DEPTH_MAX = 16, NODES_MAX = 60000 };

/* The words that the two forms use. */
struct words {
	struct tu_str matches;
	struct tu_str name;
	struct tu_str children;
};

static const struct words words_2 = {
	TU_STR_INIT("cpeMatch"), TU_STR_INIT("criteria"), TU_STR_INIT("nodes")};
static const struct words words_11 = {
	TU_STR_INIT("cpe_match"), TU_STR_INIT("cpe23Uri"), TU_STR_INIT("children")};

struct walk {
	struct tu_advisory_reader *r;
	const struct words *words;
	uint32_t configuration;
	uint32_t node;
	unsigned depth;
};

/* ---- leaves ---- */

/* The members of a match that matter, found in one pass. */
struct match {
	struct tu_json name, vulnerable;
	struct tu_json start_including, start_excluding, end_including, end_excluding;
};

static void take_bound(struct match *match, struct tu_str key, struct tu_json value)
{
	if (tu_str_eq(key, TU_STR("versionEndExcluding")))
		match->end_excluding = value;
	else if (tu_str_eq(key, TU_STR("versionEndIncluding")))
		match->end_including = value;
	else if (tu_str_eq(key, TU_STR("versionStartIncluding")))
		match->start_including = value;
	else if (tu_str_eq(key, TU_STR("versionStartExcluding")))
		match->start_excluding = value;
}

static struct match look_at(const struct walk *w, struct tu_json object)
{
	struct match match = {0};
	struct tu_json_iter iter = tu_json_iter(object);
	struct tu_str key;
	struct tu_json value;

	while (tu_json_next_member(&iter, &key, &value)) {
		if (tu_str_starts(key, TU_STR("version")))
			take_bound(&match, key, value);
		else if (tu_str_eq(key, w->words->name))
			match.name = value;
		else if (tu_str_eq(key, TU_STR("vulnerable")))
			match.vulnerable = value;
	}
	return match;
}

/* An end of the product's range. */
static bool read_end(struct tu_advisory_reader *r, const struct tu_cpe *product,
	struct tu_json including, struct tu_json excluding, struct tu_bound *out)
{
	struct tu_str version = tu_advisory__version(r, including);
	bool inclusive = version.len != 0;

	if (!inclusive)
		version = tu_advisory__version(r, excluding);
	if (tu_java_is(product) && !tu_java_text(r->arena, version, &version))
		return false;
	return tu_advisory__bound(r, TU_SCHEME_GENERIC, version, inclusive, out);
}

static bool read_versions(struct tu_advisory_reader *r, const struct match *match,
	struct tu_affected_product *product)
{
	struct tu_span *span;

	product->versions = (struct tu_versions){
		.scheme = TU_SCHEME_GENERIC, .otherwise = TU_COVERAGE_UNAFFECTED};
	if (!match->start_including.doc && !match->start_excluding.doc &&
		!match->end_including.doc && !match->end_excluding.doc) {
		if (tu_str_eq(product->cpe.attr[TU_CPE_VERSION], TU_STR("*")))
			product->versions.otherwise = TU_COVERAGE_AFFECTED;
		return true;
	}
	span = tu_arena_alloc(r->arena, sizeof(*span));
	if (!span)
		return false;
	span->coverage = TU_COVERAGE_AFFECTED;
	if (!read_end(r, &product->cpe, match->start_including, match->start_excluding,
		    &span->interval.lo) ||
		!read_end(r, &product->cpe, match->end_including, match->end_excluding,
			&span->interval.hi))
		return false;
	if (!span->interval.lo.text.len && !span->interval.hi.text.len)
		return true;
	product->versions.spans = span;
	product->versions.count = 1;
	if (span->interval.hi.text.len && !span->interval.hi.inclusive)
		product->versions.fixed = span->interval.hi.text;
	product->cpe.attr[TU_CPE_VERSION] = TU_STR("*");
	return true;
}

/* A criterion that matches nothing is counted and named: a vendor or product that is any or none
 * (it would match everything), and what a negation excludes. */
static bool matches_nothing(struct walk *w, struct tu_json object, const struct match *match,
	const struct tu_affected_product *product)
{
	struct tu_str name = tu_str_first(tu_json_str(match->name), 120);

	if (!tu_advisory__names_product(&product->cpe)) {
		tu_advisory__skip(w->r, match->name,
			"\"%.*s\" names no one product: it is left out", TU_STR_FMT(name));
		return true;
	}
	if (product->negate && product->vulnerable)
		tu_advisory__skip(w->r, object, "\"%.*s\" is negated: it makes nothing affected",
			TU_STR_FMT(name));
	return false;
}

static bool add_match(struct walk *w, struct tu_json object, bool negate)
{
	struct match match = look_at(w, object);
	struct tu_affected_product product = {.configuration = w->configuration,
		.node = w->node,
		.vulnerable = tu_json_true(match.vulnerable),
		.negate = negate};
	enum tu_status status = tu_advisory__cpe(w->r, tu_json_str(match.name), &product.cpe);

	if (status == TU_E_NOMEM ||
		(!status && !tu_java_settle(w->r->arena, (struct tu_str){"", 0}, &product.cpe)))
		return false;
	if (w->node > NODES_MAX) {
		tu_advisory__problem(
			w->r, object, "more than %d nodes in one configuration", NODES_MAX);
		return true;
	}
	if (status) {
		tu_advisory__problem(w->r, match.name.doc ? match.name : object,
			"\"%.*s\" is not a CPE name",
			TU_STR_FMT(tu_str_first(tu_json_str(match.name), 120)));
		return true;
	}
	if (matches_nothing(w, object, &match, &product))
		return true;
	return read_versions(w->r, &match, &product) && tu_advisory__add_product(w->r, &product);
}

/* ---- nodes ---- */

static bool is_and(struct walk *w, struct tu_json node)
{
	struct tu_json value = tu_json_get(node, TU_STR("operator"));
	struct tu_str word = tu_json_str(value);

	if (tu_str_ieq(word, TU_STR("AND")))
		return true;
	if (tu_json_type(value) > TU_JSON_NULL && !tu_str_ieq(word, TU_STR("OR")))
		tu_advisory__problem(
			w->r, value, "an operator that is neither AND nor OR, read as OR");
	return false;
}

static bool is_negated(struct tu_json node)
{
	return tu_json_true(tu_json_get(node, TU_STR("negate")));
}

/* How a node's parts are joined once a negation around it has been moved inwards. */
static bool joins_all(struct walk *w, struct tu_json node, bool negate)
{
	return is_and(w, node) != negate;
}

static bool too_deep(struct walk *w, struct tu_json node)
{
	if (w->depth < DEPTH_MAX)
		return false;
	tu_advisory__problem(w->r, node, "configurations nested deeper than %d", DEPTH_MAX);
	return true;
}

enum level { ALTERNATIVES, NEEDED, LEAVES };

static bool add_node(struct walk *w, struct tu_json node, bool negate, enum level level);

/*
 * ALTERNATIVES: each part that is one is a configuration of its own.
 * NEEDED: within a configuration; each part is a node of its own.
 * LEAVES: within a node; all parts are its products.
 *
 * A negated node keeps its products together: "none of these".
 */
static bool add_part(
	struct walk *w, struct tu_json part, bool is_match, bool negate, enum level level, bool all)
{
	enum level next = level;

	if (level == ALTERNATIVES && all)
		next = NEEDED;
	if (level == NEEDED && !all)
		next = LEAVES;
	if (is_match)
		return add_match(w, part, negate);
	return add_node(w, part, negate, next);
}

static void step(struct walk *w, enum level level, bool all)
{
	if (level == ALTERNATIVES && !all) {
		w->configuration++;
		w->node = 0;
	} else if (level != LEAVES && all) {
		w->node++;
	}
}

static bool add_parts(struct walk *w, struct tu_json node, struct tu_str key, bool is_match,
	bool negate, enum level level, bool all)
{
	struct tu_json list = tu_json_get(node, key);
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json part;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(w->r, list, "not an array");
	if (!tu_json_is_array(list))
		return true;
	while (tu_json_next_item(&iter, &part)) {
		if (!tu_json_is_object(part)) {
			tu_advisory__problem(w->r, part, "not an object");
			continue;
		}
		if (!add_part(w, part, is_match, negate, level, all))
			return false;
		/* The products of an OR are one node, however many. */
		if (!is_match || all)
			step(w, level, all);
	}
	return true;
}

static bool add_node(struct walk *w, struct tu_json node, bool outer, enum level level)
{
	bool negate = outer != is_negated(node);
	bool matches = tu_json_get(node, w->words->matches).doc != NULL;
	bool all = joins_all(w, node, negate && !matches);
	bool fine;

	if (too_deep(w, node))
		return true;
	if (level == LEAVES && all) {
		tu_advisory__problem(
			w->r, node, "an AND within alternatives of an AND is left out");
		return true;
	}
	w->depth++;
	if (negate && matches && all)
		tu_advisory__problem(
			w->r, node, "\"not all of these\" is read as \"none of these\"");
	fine = add_parts(w, node, w->words->children, false, negate, level, all) &&
		add_parts(w, node, w->words->matches, true, negate, level, all);
	w->depth--;
	return fine;
}

/* Each item of a list is an alternative. */
static bool add_alternatives(struct walk *w, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(w->r, list, "not an array");
	if (!tu_json_is_array(list))
		return true;
	while (tu_json_next_item(&iter, &item)) {
		if (!tu_json_is_object(item))
			tu_advisory__problem(w->r, item, "not an object");
		else if (!add_node(w, item, false, ALTERNATIVES))
			return false;
		w->configuration++;
		w->node = 0;
	}
	return true;
}

bool tu_advisory__nvd2_configurations(
	struct tu_advisory_reader *r, struct tu_json configurations, uint32_t first)
{
	struct walk walk = {.r = r, .words = &words_2, .configuration = first};

	return add_alternatives(&walk, configurations);
}

bool tu_advisory__nvd11_configurations(struct tu_advisory_reader *r, struct tu_json nodes)
{
	struct walk walk = {.r = r, .words = &words_11};

	return add_alternatives(&walk, nodes);
}
