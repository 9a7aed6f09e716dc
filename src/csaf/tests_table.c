/*
 * Every test of CSAF 2.0, the mandatory ones of 2.1 and those others that it shares, with the
 * versions and the profiles for which each is run. Source: CSAF 2.0 (OASIS Standard), section 6;
 * CSAF 2.1, section 6.1. Titles are those of the standard.
 */
#include "csaf/tests.h"

#define V20 TU_CSAF_20
#define V21 TU_CSAF_21
#define ALL TU_CSAF_BOTH

enum {
	ANY = 0,
	INFORMING = TU_CSAF_INFORMATIONAL | TU_CSAF_INCIDENT,
	ADVISING = TU_CSAF_ADVISORY | TU_CSAF_DEPRECATED,
	STATING = TU_CSAF_ADVISORY | TU_CSAF_VEX | TU_CSAF_DEPRECATED,
	RETIRED = TU_CSAF_WITHDRAWN | TU_CSAF_SUPERSEDED,
};

#define MANDATORY(number, id, title, versions, profiles) \
	{ \
		id, title, TU_CSAF_MANDATORY, versions, profiles, tu_csaf_test_##number \
	}
#define OPTIONAL(number, id, title) \
	{ \
		id, title, TU_CSAF_OPTIONAL, ALL, ANY, tu_csaf_test_##number \
	}
#define INFORMATIVE(number, id, title) \
	{ \
		id, title, TU_CSAF_INFORMATIVE, ALL, ANY, tu_csaf_test_##number \
	}

const struct tu_csaf_test tu_csaf_schema_test = {
	"schema", "JSON schema", TU_CSAF_SCHEMA, ALL, ANY, tu_csaf_check_schema};
/* Found while the schema is walked. */
const struct tu_csaf_test tu_csaf_additional_test = {
	"6.2.20", "Additional Properties", TU_CSAF_OPTIONAL, ALL, ANY, NULL};

const struct tu_csaf_test tu_csaf_test_table[] = {
	MANDATORY(6_1_1, "6.1.1", "Missing Definition of Product ID", ALL, ANY),
	MANDATORY(6_1_2, "6.1.2", "Multiple Definition of Product ID", ALL, ANY),
	MANDATORY(6_1_3, "6.1.3", "Circular Definition of Product ID", ALL, ANY),
	MANDATORY(6_1_4, "6.1.4", "Missing Definition of Product Group ID", ALL, ANY),
	MANDATORY(6_1_5, "6.1.5", "Multiple Definition of Product Group ID", ALL, ANY),
	MANDATORY(6_1_6, "6.1.6", "Contradicting Product Status", ALL, ANY),
	MANDATORY(6_1_7, "6.1.7", "Multiple Scores with same Version per Product", ALL, ANY),
	MANDATORY(6_1_8, "6.1.8", "Invalid CVSS", ALL, ANY),
	MANDATORY(6_1_9, "6.1.9", "Invalid CVSS computation", ALL, ANY),
	MANDATORY(6_1_10, "6.1.10", "Inconsistent CVSS", ALL, ANY),
	MANDATORY(6_1_11, "6.1.11", "CWE", ALL, ANY),
	MANDATORY(6_1_12, "6.1.12", "Language", ALL, ANY),
	MANDATORY(6_1_13, "6.1.13", "PURL", ALL, ANY),
	MANDATORY(6_1_14, "6.1.14", "Sorted Revision History", ALL, ANY),
	MANDATORY(6_1_15, "6.1.15", "Translator", ALL, ANY),
	MANDATORY(6_1_16, "6.1.16", "Latest Document Version", ALL, ANY),
	MANDATORY(6_1_17, "6.1.17", "Document Status Draft", ALL, ANY),
	MANDATORY(6_1_18, "6.1.18", "Released Revision History", ALL, ANY),
	MANDATORY(6_1_19, "6.1.19", "Revision History Entries for Pre-release Versions", ALL, ANY),
	MANDATORY(6_1_20, "6.1.20", "Non-draft Document Version", ALL, ANY),
	MANDATORY(6_1_21, "6.1.21", "Missing Item in Revision History", ALL, ANY),
	MANDATORY(6_1_22, "6.1.22", "Multiple Definition in Revision History", ALL, ANY),
	MANDATORY(6_1_23, "6.1.23", "Multiple Use of Same CVE", ALL, ANY),
	MANDATORY(6_1_24, "6.1.24", "Multiple Definition in Involvements", ALL, ANY),
	MANDATORY(6_1_25, "6.1.25", "Multiple Use of Same Hash Algorithm", ALL, ANY),
	MANDATORY(6_1_26, "6.1.26", "Prohibited Document Category Name", ALL, ANY),
	MANDATORY(6_1_27_1, "6.1.27.1", "Document Notes", ALL, INFORMING),
	MANDATORY(6_1_27_2, "6.1.27.2", "Document References", ALL, INFORMING),
	MANDATORY(6_1_27_3, "6.1.27.3", "Vulnerabilities (none)", ALL,
		TU_CSAF_INFORMATIONAL | RETIRED),
	MANDATORY(6_1_27_4, "6.1.27.4", "Product Tree", ALL, STATING),
	MANDATORY(6_1_27_5, "6.1.27.5", "Vulnerability Notes", ALL, STATING),
	MANDATORY(6_1_27_6, "6.1.27.6", "Product Status", ALL, ADVISING),
	MANDATORY(6_1_27_7, "6.1.27.7", "VEX Product Status", ALL, TU_CSAF_VEX),
	MANDATORY(6_1_27_8, "6.1.27.8", "Vulnerability ID", ALL, TU_CSAF_VEX),
	MANDATORY(6_1_27_9, "6.1.27.9", "Impact Statement", ALL, TU_CSAF_VEX),
	MANDATORY(6_1_27_10, "6.1.27.10", "Action Statement", ALL, TU_CSAF_VEX),
	MANDATORY(6_1_27_11, "6.1.27.11", "Vulnerabilities", ALL, STATING),
	MANDATORY(6_1_27_12, "6.1.27.12", "Affected Products", V21, TU_CSAF_ADVISORY),
	MANDATORY(6_1_27_13, "6.1.27.13", "Corresponding Affected Products", V21, TU_CSAF_ADVISORY),
	MANDATORY(6_1_27_14, "6.1.27.14", "Document Notes", V21, RETIRED),
	MANDATORY(6_1_27_15, "6.1.27.15", "Product Tree (none)", V21, RETIRED),
	MANDATORY(6_1_27_16, "6.1.27.16", "Revision History", V21, RETIRED),
	MANDATORY(6_1_27_17, "6.1.27.17", "Reasoning for Withdrawal", V21, TU_CSAF_WITHDRAWN),
	MANDATORY(6_1_27_18, "6.1.27.18", "Reasoning for Supersession", V21, TU_CSAF_SUPERSEDED),
	MANDATORY(6_1_27_19, "6.1.27.19", "Reference to Superseding Document", V21,
		TU_CSAF_SUPERSEDED),
	MANDATORY(6_1_28, "6.1.28", "Translation", ALL, ANY),
	MANDATORY(6_1_29, "6.1.29", "Remediation without Product Reference", ALL, ANY),
	MANDATORY(6_1_30, "6.1.30", "Mixed Integer and Semantic Versioning", ALL, ANY),
	MANDATORY(6_1_31, "6.1.31", "Version Range in Product Version", ALL, ANY),
	MANDATORY(6_1_32, "6.1.32", "Flag without Product Reference", ALL, ANY),
	MANDATORY(6_1_33, "6.1.33", "Multiple Flags with VEX Justification Codes per Product", ALL,
		ANY),
	MANDATORY(6_1_34, "6.1.34", "Branches Recursion Depth", V21, ANY),
	MANDATORY(6_1_35, "6.1.35", "Contradicting Remediations", V21, ANY),
	MANDATORY(
		6_1_36, "6.1.36", "Contradicting Product Status Remediation Combination", V21, ANY),
	MANDATORY(6_1_37, "6.1.37", "Date and Time", V21, ANY),
	MANDATORY(6_1_38, "6.1.38", "Non-Public Sharing Group with Max UUID", V21, ANY),
	MANDATORY(6_1_39, "6.1.39", "Public Sharing Group with no Max UUID", V21, ANY),
	MANDATORY(6_1_40, "6.1.40", "Invalid Sharing Group Name", V21, ANY),
	MANDATORY(6_1_41, "6.1.41", "Missing Sharing Group Name", V21, ANY),
	MANDATORY(6_1_42, "6.1.42", "PURL Qualifiers", V21, ANY),
	MANDATORY(6_1_43, "6.1.43", "Use of Multiple Stars in Model Number", V21, ANY),
	MANDATORY(6_1_44, "6.1.44", "Use of Multiple Stars in Serial Number", V21, ANY),
	MANDATORY(6_1_45, "6.1.45", "Inconsistent Disclosure Date", V21, ANY),
	MANDATORY(6_1_46, "6.1.46", "Invalid SSVC", V21, ANY),
	MANDATORY(6_1_47, "6.1.47", "Inconsistent SSVC Target IDs", V21, ANY),
	MANDATORY(6_1_48, "6.1.48", "SSVC Decision Points", V21, ANY),
	MANDATORY(6_1_49, "6.1.49", "Inconsistent SSVC Timestamp", V21, ANY),
	MANDATORY(6_1_50, "6.1.50", "Product Version Range Rules", V21, ANY),
	MANDATORY(6_1_51, "6.1.51", "Inconsistent EPSS Timestamp", V21, ANY),
	MANDATORY(6_1_52, "6.1.52", "Inconsistent First Known Exploitation Dates", V21, ANY),
	MANDATORY(6_1_53, "6.1.53", "Inconsistent Exploitation Date", V21, ANY),
	MANDATORY(6_1_54, "6.1.54", "License Expression", V21, ANY),
	MANDATORY(6_1_55, "6.1.55", "License Text", V21, ANY),
	MANDATORY(6_1_56, "6.1.56", "Use of CVSS and Qualitative Severity Rating", V21, ANY),
	MANDATORY(6_1_57, "6.1.57", "Stacked Branch Categories", V21, ANY),
	MANDATORY(6_1_58, "6.1.58", "Use of Product Version in one Path with Product Version Range",
		V21, ANY),
	MANDATORY(6_1_59, "6.1.59", "Single Version as Product Version Range", V21, ANY),
	MANDATORY(6_1_60_1, "6.1.60.1", "Extension Content", V21, ANY),
	/* what a foreign extension's own schema and metadata demand: none is known here */
	{"6.1.60.2", "Extension Schema", TU_CSAF_MANDATORY, V21, ANY, NULL},
	{"6.1.60.3", "Extension Metadata", TU_CSAF_MANDATORY, V21, ANY, NULL},
	MANDATORY(6_1_61, "6.1.61", "Use of Multiple Stars in SKU", V21, ANY),

	OPTIONAL(6_2_1, "6.2.1", "Unused Definition of Product ID"),
	OPTIONAL(6_2_2, "6.2.2", "Missing Remediation"),
	OPTIONAL(6_2_3, "6.2.3", "Missing Score"),
	OPTIONAL(6_2_4, "6.2.4", "Build Metadata in Revision History"),
	OPTIONAL(6_2_5, "6.2.5", "Older Initial Release Date than Revision History"),
	OPTIONAL(6_2_6, "6.2.6", "Older Current Release Date than Revision History"),
	OPTIONAL(6_2_7, "6.2.7", "Missing Date in Involvements"),
	OPTIONAL(6_2_8, "6.2.8", "Use of MD5 as the only Hash Algorithm"),
	OPTIONAL(6_2_9, "6.2.9", "Use of SHA-1 as the only Hash Algorithm"),
	{"6.2.10", "Missing TLP label", TU_CSAF_OPTIONAL, V20, ANY, tu_csaf_test_6_2_10},
	OPTIONAL(6_2_11, "6.2.11", "Missing Canonical URL"),
	OPTIONAL(6_2_12, "6.2.12", "Missing Document Language"),
	OPTIONAL(6_2_13, "6.2.13", "Sorting"),
	OPTIONAL(6_2_14, "6.2.14", "Use of Private Language"),
	OPTIONAL(6_2_15, "6.2.15", "Use of Default Language"),
	OPTIONAL(6_2_16, "6.2.16", "Missing Product Identification Helper"),
	OPTIONAL(6_2_17, "6.2.17", "CVE in field IDs"),
	OPTIONAL(6_2_18, "6.2.18", "Product Version Range without vers"),
	OPTIONAL(6_2_19, "6.2.19", "CVSS for Fixed Products"),

	INFORMATIVE(6_3_1, "6.3.1", "Use of CVSS v2 as the only Scoring System"),
	INFORMATIVE(6_3_2, "6.3.2", "Use of CVSS v3.0"),
	INFORMATIVE(6_3_3, "6.3.3", "Missing CVE"),
	INFORMATIVE(6_3_4, "6.3.4", "Missing CWE"),
	INFORMATIVE(6_3_5, "6.3.5", "Use of Short Hash"),
	{"6.3.6", "Use of non-self referencing URLs Failing to Resolve", TU_CSAF_INFORMATIVE, ALL,
		ANY, NULL},
	{"6.3.7", "Use of self referencing URLs Failing to Resolve", TU_CSAF_INFORMATIVE, ALL, ANY,
		NULL},
	{"6.3.8", "Spell check", TU_CSAF_INFORMATIVE, ALL, ANY, NULL},
	INFORMATIVE(6_3_9, "6.3.9", "Branch Categories"),
	INFORMATIVE(6_3_10, "6.3.10", "Usage of Product Version Range"),
	INFORMATIVE(6_3_11, "6.3.11", "Usage of V as Version Indicator"),
};

const size_t tu_csaf_test_table_count = TU_COUNT(tu_csaf_test_table);
