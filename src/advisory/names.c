/* Words for the enumerations. */
#include <tutela/advisory.h>

#define NAME_OF(names, index) \
	((size_t)(index) < TU_COUNT(names) && (names)[index] ? (names)[index] : "")

const char *tu_source_name(enum tu_source source)
{
	static const char *const names[] = {
		[TU_SOURCE_UNKNOWN] = "unknown",
		[TU_SOURCE_CVE] = "CVE",
		[TU_SOURCE_CVE_ADP] = "CVE ADP",
		[TU_SOURCE_NVD] = "NVD",
		[TU_SOURCE_OSV] = "OSV",
		[TU_SOURCE_KEV] = "KEV",
		[TU_SOURCE_EPSS] = "EPSS",
		[TU_SOURCE_CSAF] = "CSAF",
		[TU_SOURCE_DEBIAN] = "Debian",
		[TU_SOURCE_SECDB] = "secdb",
		[TU_SOURCE_RUBYSEC] = "RubySec",
		[TU_SOURCE_FRIENDSOFPHP] = "FriendsOfPHP",
	};

	return NAME_OF(names, source);
}

const char *tu_feed_form_name(enum tu_feed_form form)
{
	static const char *const names[] = {
		[TU_FEED_UNKNOWN] = "unknown",
		[TU_FEED_CVE5] = "CVE JSON 5",
		[TU_FEED_NVD2] = "NVD API 2.0",
		[TU_FEED_NVD11] = "NVD JSON 1.1",
		[TU_FEED_OSV] = "OSV",
		[TU_FEED_KEV] = "KEV",
		[TU_FEED_EPSS] = "EPSS",
		[TU_FEED_CSAF] = "CSAF",
		[TU_FEED_DEBIAN] = "Debian tracker",
		[TU_FEED_SECDB] = "secdb",
		[TU_FEED_RUBYSEC] = "RubySec",
		[TU_FEED_FRIENDSOFPHP] = "FriendsOfPHP",
		[TU_FEED_ENDOFLIFE] = "endoflife.date",
	};

	return NAME_OF(names, form);
}

const char *tu_advisory_state_name(enum tu_advisory_state state)
{
	static const char *const names[] = {
		[TU_ADVISORY_PUBLISHED] = "published",
		[TU_ADVISORY_WITHDRAWN] = "withdrawn",
		[TU_ADVISORY_REJECTED] = "rejected",
		[TU_ADVISORY_DISPUTED] = "disputed",
		[TU_ADVISORY_RESERVED] = "reserved",
	};

	return NAME_OF(names, state);
}

const char *tu_cvss_version_name(enum tu_cvss_version version)
{
	static const char *const names[] = {
		[TU_CVSS_NONE] = "",
		[TU_CVSS_2] = "2.0",
		[TU_CVSS_3_0] = "3.0",
		[TU_CVSS_3_1] = "3.1",
		[TU_CVSS_4_0] = "4.0",
	};

	return NAME_OF(names, version);
}
