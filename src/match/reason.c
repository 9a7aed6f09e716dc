#include "match/reason.h"

const struct reason_kind tu_match__reason_kinds[TU_WHY_COUNT_] = {
	[TU_WHY_NONE] = {"none", "nothing was found", TU_MATCH_UNDECIDED, false, true},
	[TU_WHY_IN_RANGE] = {"in-range", "the version is in an affected range", TU_MATCH_AFFECTED,
		true, false},
	[TU_WHY_ALL_VERSIONS] = {"all-versions", "the record says that every version is affected",
		TU_MATCH_AFFECTED, true, false},
	[TU_WHY_OUT_OF_RANGE] = {"out-of-range", "the version is outside all affected ranges",
		TU_MATCH_NOT_AFFECTED, true, false},
	[TU_WHY_UNAFFECTED] = {"unaffected",
		"the version is in a range that the record marks as unaffected",
		TU_MATCH_NOT_AFFECTED, true, false},
	[TU_WHY_OTHER_DISTRO] = {"other-distro",
		"the record is about another distribution or release", TU_MATCH_NOT_AFFECTED, false,
		false},
	[TU_WHY_OTHER_EDITION] = {"other-edition",
		"the record is about another update, edition, target software or hardware",
		TU_MATCH_NOT_AFFECTED, false, false},
	[TU_WHY_OTHER_PLATFORM] = {"other-platform",
		"the record requires a platform that this inventory does not have",
		TU_MATCH_NOT_AFFECTED, true, false},
	[TU_WHY_WITHDRAWN] = {"withdrawn", "the record was withdrawn or rejected",
		TU_MATCH_NOT_AFFECTED, false, false},
	[TU_WHY_PATCHED] = {"patched", "the SBOM says that a patch resolves it",
		TU_MATCH_NOT_AFFECTED, true, false},
	[TU_WHY_VEX] = {"vex", "a VEX statement in the SBOM says so", TU_MATCH_NOT_AFFECTED, true,
		false},
	[TU_WHY_OTHER_PACKAGE] = {"other-package",
		"the ecosystem's records of this vulnerability list other packages",
		TU_MATCH_NOT_AFFECTED, true, false},
	[TU_WHY_DISTRIBUTION] = {"distribution",
		"the record names a whole distribution; its packages are judged one by one",
		TU_MATCH_NOT_AFFECTED, false, false},
	[TU_WHY_NO_VERSION] = {"no-version", "the component has no version", TU_MATCH_UNDECIDED,
		true, false},
	[TU_WHY_UNORDERED] = {"unordered",
		"the version or a bound of the range cannot be ordered by its scheme",
		TU_MATCH_UNDECIDED, true, true},
	[TU_WHY_STATUS_UNKNOWN] = {"status-unknown",
		"the record does not say whether this version is affected", TU_MATCH_UNDECIDED,
		true, true},
	[TU_WHY_PLATFORM_UNKNOWN] = {"platform-unknown",
		"the record requires a platform that the SBOM does not mention", TU_MATCH_UNDECIDED,
		true, false},
	[TU_WHY_DISTRO_UNKNOWN] = {"distro-unknown",
		"the SBOM does not say which release of the distribution this is",
		TU_MATCH_UNDECIDED, true, false},
	[TU_WHY_BACKPORT] = {"backport",
		"inside the upstream range, but the distribution may have back-ported the fix",
		TU_MATCH_UNDECIDED, true, false},
	[TU_WHY_CPE_DOUBTFUL] = {"cpe-doubtful",
		"matched by CPE only; the ecosystem's own data does not list it",
		TU_MATCH_UNDECIDED, true, false},
	[TU_WHY_VENDOR_UNKNOWN] = {"vendor-unknown",
		"the CPE leaves the vendor open and several vendors have this product",
		TU_MATCH_UNDECIDED, true, false},
	[TU_WHY_NAME_ONLY] = {"name-only", "only the name matches", TU_MATCH_UNDECIDED, true,
		false},
	[TU_WHY_OTHER_PRODUCT] = {"other-product",
		"the record judges the product that the SBOM states; this one only has the name",
		TU_MATCH_NOT_AFFECTED, false, false},
	[TU_WHY_UPDATE_UNKNOWN] = {"update-unknown",
		"the version is affected, but perhaps not this update of it", TU_MATCH_UNDECIDED,
		true, false},
	[TU_WHY_PRODUCT_UNKNOWN] = {"product-unknown",
		"the record judges several products of this name differently", TU_MATCH_UNDECIDED,
		true, false},
	[TU_WHY_PARENT_MODULE] = {"parent-module",
		"the record is about a module above the subpath, which may be another module",
		TU_MATCH_UNDECIDED, true, false},
	[TU_WHY_NOT_BUILT] = {"not-built",
		"the vulnerable source files are not in the kernel that was built",
		TU_MATCH_NOT_AFFECTED, true, false},
	[TU_WHY_RELEASE_NO_DATA] = {"release-without-data",
		"the data do not cover this release of the distribution; in the release that the "
		"record is about, this version is affected",
		TU_MATCH_UNDECIDED, false, true},
	[TU_WHY_NOT_COVERED] = {"release-not-covered",
		"the data do not cover this release of the distribution, and the record of another "
		"release does not suggest that it is affected",
		TU_MATCH_UNDECIDED, false, true, .quiet = true},
	[TU_WHY_OTHER_STREAM] = {"other-stream",
		"the record is about another stream of the module, or one that is not stated",
		TU_MATCH_UNDECIDED, true, true},
	[TU_WHY_ORIGIN] = {"origin",
		"inside the range of the distribution that this one is rebuilt from; its own data "
		"do "
		"not know the package",
		TU_MATCH_UNDECIDED, true, false},
	[TU_WHY_ORIGIN_CLEARS] = {"origin-not-covered",
		"the record of the distribution that this one is rebuilt from does not suggest "
		"that it is affected; its own data do not know the package",
		TU_MATCH_UNDECIDED, false, true, .quiet = true},
	[TU_WHY_UNIMPORTANT] = {"unimportant",
		"the version is affected; the distribution calls it unimportant: without security "
		"impact in its packages",
		TU_MATCH_AFFECTED, true, false},
	[TU_WHY_NO_DSA] = {"no-dsa",
		"the version is affected; the distribution plans no security update of its own",
		TU_MATCH_AFFECTED, true, false},
	[TU_WHY_IGNORED] = {"ignored",
		"the version is affected; the distribution will not fix it in this release",
		TU_MATCH_AFFECTED, true, false},
	[TU_WHY_POSTPONED] = {"postponed",
		"the version is affected; the distribution will fix it with a later update",
		TU_MATCH_AFFECTED, true, false},
	[TU_WHY_END_OF_LIFE] = {"end-of-life",
		"the version is affected; the distribution no longer supports this package",
		TU_MATCH_AFFECTED, true, false},
};

unsigned tu_match__class(enum tu_match_by by)
{
	static const unsigned char classes[] = {[TU_BY_DISTRO] = 0,
		[TU_BY_PACKAGE] = 1,
		[TU_BY_CPE] = 2,
		[TU_BY_ALIAS] = 2,
		[TU_BY_NAME] = 3};

	return classes[by];
}

const char *tu_match_verdict_name(enum tu_match_verdict verdict)
{
	static const char *const names[] = {"undecided", "affected", "not affected"};

	return names[verdict];
}

const char *tu_match_by_name(enum tu_match_by by)
{
	static const char *const names[] = {"distro", "package", "cpe", "alias", "name"};

	return names[by];
}

const char *tu_reason_name(enum tu_reason reason)
{
	return tu_match__reason_kinds[reason].name;
}

const char *tu_reason_sentence(enum tu_reason reason)
{
	return tu_match__reason_kinds[reason].sentence;
}

bool tu_reason_is_triage(enum tu_reason reason)
{
	return reason >= TU_WHY_UNIMPORTANT && reason <= TU_WHY_END_OF_LIFE;
}

enum tu_reason tu_match__triage_reason(struct tu_str word)
{
	static const struct {
		struct tu_str word;
		enum tu_reason reason;
	} words[] = {
		{TU_STR_INIT("unimportant"), TU_WHY_UNIMPORTANT},
		{TU_STR_INIT("end-of-life"), TU_WHY_END_OF_LIFE},
		{TU_STR_INIT("ignored"), TU_WHY_IGNORED},
		{TU_STR_INIT("postponed"), TU_WHY_POSTPONED},
		{TU_STR_INIT("no-dsa"), TU_WHY_NO_DSA},
	};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_eq(words[i].word, word))
			return words[i].reason;
	}
	return TU_WHY_NONE;
}
