/*
 * What a CNA is asked for a CVE id with: a record of CVE JSON 5.1
 * (https://github.com/CVEProject/cve-schema), as far as it is known, and what is missing.
 *
 * Nothing is invented: what is not known is absent from the record and named beside it. What the
 * CNA gives (the id, its own) is named, too. A release of which nothing is decided is "unknown",
 * and so is every version that is not listed. Texts with an address of mail, or with the reporter's
 * words for who they are, are left out.
 *
 * Pure functions; everything is borrowed.
 */
#ifndef TU_VEX_CVE_REQUEST_H
#define TU_VEX_CVE_REQUEST_H

#include <tutela/kb.h>

#include "base/json_writer.h"

enum tu_cve_status { TU_CVE_UNKNOWN, TU_CVE_AFFECTED, TU_CVE_UNAFFECTED };

struct tu_cve_version {
	struct tu_str version;
	enum tu_cve_status status;
};
struct tu_cve_product {
	struct tu_str vendor, product;
	const struct tu_cve_version *versions;
	size_t version_count;
};
struct tu_cve_request {
	struct tu_str id; /* of the vulnerability; no CVE id: it is asked for */
	struct tu_str title;
	const struct tu_cve_product *products;
	size_t product_count;
	struct tu_str credit; /* whom to thank, as they wish; empty: nobody */
	struct tu_str reporter; /* what must not be in it; empty: not known */
	const struct tu_reference *references;
	size_t reference_count;
	const struct tu_str *cwes; /* "CWE-79" */
	size_t cwe_count;
	const struct tu_score *scores;
	size_t score_count;
};

/* {"record": …, "missing": [{"member", "why"}, …]} */
void tu_cve_request_write(const struct tu_cve_request *request, struct tu_json_writer *json);

#endif
