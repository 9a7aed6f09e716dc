#include "vex/versioned.h"

#include <tutela/purl.h>

struct tu_vex_versioned tu_vex_versioned_of(struct tu_str version, struct tu_str purl)
{
	struct tu_str type = TU_STR("");

	if (tu_str_istarts(purl, TU_STR("pkg:"))) {
		type = tu_str_from(purl, 4);
		type = tu_str_first(type, tu_str_find(type, '/'));
	}
	return (struct tu_vex_versioned){version, type.len ? tu_purl_scheme(type) : TU_SCHEME_NONE};
}

/* A range of one ecosystem's versions says nothing of another's. */
static bool is_about(const struct tu_range *range, enum tu_scheme scheme)
{
	bool of_ecosystem = range->scheme != TU_SCHEME_GENERIC &&
		tu_purl_scheme(tu_scheme_name(range->scheme)) == range->scheme;

	return !of_ecosystem || scheme == TU_SCHEME_NONE || scheme == TU_SCHEME_GENERIC ||
		range->scheme == scheme;
}

enum tu_verdict tu_vex_test_version(struct tu_arena *arena, struct tu_str listed,
	struct tu_vex_versioned versioned, bool *out_no_memory)
{
	struct tu_str version = versioned.version;
	const struct tu_range *range;
	enum tu_status status;

	if (!tu_str_istarts(listed, TU_STR("vers:")))
		return !version.len		     ? TU_UNDECIDED
			: tu_str_eq(listed, version) ? TU_INSIDE
						     : TU_OUTSIDE;
	status = tu_range_parse(arena, listed, &range, NULL);
	*out_no_memory |= status == TU_E_NOMEM;
	return status == TU_OK && is_about(range, versioned.scheme) ? tu_range_test(range, version)
								    : TU_UNDECIDED;
}
