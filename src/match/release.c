#include "match/release.h"

#include "ident/distro.h"
#include "match/engine.h"
#include "match/reason.h"

/* ---- which releases the data cover ---- */

static int compare_package(const struct tu_kb *kb, uint32_t row, const struct id_package *package)
{
	int by_type = tu_str_cmp(kb_str(kb, kb->packages[row].type), package->type);

	return by_type ? by_type
		       : tu_str_cmp(kb_str(kb, kb->packages[row].namespace_), package->namespace_);
}

/* The first package of a type and namespace; rows are sorted by both. */
static uint32_t first_package(const struct tu_kb *kb, const struct id_package *package)
{
	uint32_t lo = 0;
	uint32_t hi = tu_kb__rows(kb, KB_PACKAGES);

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;

		if (compare_package(kb, middle, package) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static bool search_release(
	const struct tu_kb *kb, const struct id_package *package, struct tu_str distro)
{
	uint32_t rows = tu_kb__rows(kb, KB_PACKAGES);
	uint32_t last = 0;

	for (uint32_t row = first_package(kb, package); row < rows; row++) {
		if (compare_package(kb, row, package) != 0)
			break;
		for (uint32_t entry = kb->packages[row].first_entry;
			entry < kb->packages[row + 1].first_entry; entry++) {
			uint32_t detail = kb_body(kb, &kb->entries[entry])->detail;

			if (detail == last)
				continue;
			last = detail;
			if (detail && tu_distro_covers(kb_str(kb, detail), distro))
				return true;
		}
	}
	return false;
}

static bool is_covered(struct engine *e, const struct id_package *package, struct tu_str distro)
{
	struct release_cache *cache = &e->releases;
	char key[RELEASE_KEY_MAX];
	size_t len = package->namespace_.len + 1 + distro.len;
	bool covered;

	if (len > sizeof(key))
		return search_release(e->kb, package, distro);
	if (package->namespace_.len)
		memcpy(key, package->namespace_.ptr, package->namespace_.len);
	key[package->namespace_.len] = '\0';
	memcpy(key + package->namespace_.len + 1, distro.ptr, distro.len);
	for (size_t i = 0; i < RELEASES_KEPT; i++) {
		if (cache->at[i].len == len && !memcmp(cache->at[i].key, key, len))
			return cache->at[i].covered;
	}
	covered = search_release(e->kb, package, distro);
	memcpy(cache->at[cache->next].key, key, len);
	cache->at[cache->next].len = len;
	cache->at[cache->next].covered = covered;
	cache->next = (cache->next + 1) % RELEASES_KEPT;
	return covered;
}

/* ---- what a record says of a release ---- */

enum relation {
	APPLIES, /* the record is about this release, or about all */
	NOT_STATED, /* the SBOM does not say which release */
	VAGUE, /* it says so much: "openeuler-22.03" may be 22.03.sp1 */
	OTHER, /* another release of a distribution whose records cover this one too */
	NOT_COVERED, /* another one, and no record covers this one; or the record's is not
			understood */
	UNCLEAR, /* what the SBOM says of it is not understood */
	NOT_ALIKE /* that, and even another product of the distribution */
};

static bool same_word(struct tu_str a, struct tu_str b)
{
	return tu_str_ieq(tu_distro_word(a), tu_distro_word(b));
}

static enum relation relate(struct engine *e, const struct identity *id,
	const struct id_package *package, const struct kb_body *body)
{
	struct tu_str stated = kb_str(e->kb, body->detail);
	struct tu_str distro = package->of_origin ? id->origin_distro : id->distro;

	if (stated.len == 0)
		return APPLIES;
	if (distro.len == 0)
		return NOT_STATED;
	if (tu_distro_covers(stated, distro))
		return APPLIES;
	/* What names no release that can be understood may well mean this one. */
	if (!tu_distro_names_release(stated) && same_word(stated, distro))
		return NOT_COVERED;
	if (is_covered(e, package, distro))
		return OTHER;
	if (tu_distro_covers(distro, stated))
		return VAGUE;
	if (same_word(stated, distro))
		return tu_distro_names_release(distro) ? NOT_COVERED : UNCLEAR;
	return tu_distro_is_understood(distro) ? NOT_ALIKE : UNCLEAR;
}

enum tu_reason tu_match__release_reason(struct engine *e, const struct identity *id,
	const struct id_package *package, const struct kb_body *body, enum tu_reason reason)
{
	enum tu_match_verdict verdict = tu_match__reason_kinds[reason].verdict;
	bool open = verdict != TU_MATCH_NOT_AFFECTED;

	switch (relate(e, id, package, body)) {
	case APPLIES:
		break;
	case NOT_STATED:
		return verdict == TU_MATCH_AFFECTED ? TU_WHY_DISTRO_UNKNOWN : reason;
	case VAGUE:
	case UNCLEAR:
		return open ? TU_WHY_DISTRO_UNKNOWN : TU_WHY_NOT_COVERED;
	case OTHER:
		return TU_WHY_OTHER_DISTRO;
	case NOT_COVERED:
		return open ? TU_WHY_RELEASE_NO_DATA : TU_WHY_NOT_COVERED;
	case NOT_ALIKE:
		return TU_WHY_NOT_COVERED;
	}
	return reason;
}

enum tu_reason tu_match__origin_reason(enum tu_reason reason)
{
	switch (tu_match__reason_kinds[reason].verdict) {
	case TU_MATCH_AFFECTED:
		return TU_WHY_ORIGIN;
	case TU_MATCH_NOT_AFFECTED:
		return TU_WHY_ORIGIN_CLEARS;
	case TU_MATCH_UNDECIDED:
		break;
	}
	return reason;
}

void tu_match__note_release(struct engine *e, const struct identity *id,
	const struct id_package *package, const struct kb_body *body)
{
	if (e->known)
		return;
	/* Those of an origin are no data of its own. */
	if (package->of_origin) {
		e->release_missed = true;
		return;
	}
	switch (relate(e, id, package, body)) {
	case APPLIES:
	case NOT_STATED:
	case VAGUE:
		e->known = true;
		break;
	case OTHER:
		break;
	case NOT_COVERED:
	case UNCLEAR:
	case NOT_ALIKE:
		e->release_missed = true;
		break;
	}
}

bool tu_match__note_uncovered(struct engine *e, struct tu_arena *arena, struct tu_str distro)
{
	struct tu_str copy;

	if (!e->release_missed)
		return true;
	for (size_t i = 0; i < e->uncovered.count; i++) {
		if (tu_str_eq(e->uncovered.at[i], distro))
			return true;
	}
	return tu_arena_dup(arena, distro, &copy) && TU_VEC_PUSH(&e->uncovered, copy);
}
