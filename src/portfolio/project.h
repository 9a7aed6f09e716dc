/*
 * Releases as the clients of a build server know them: "projects" with a name and a version.
 *
 * The name is that of the device. A device of the intake (portfolio/intake.h) is known by the name
 * under which it came, and what was moved from there to its family keeps that name, so that the
 * client that uploads it goes on as before; it is also found by the family's name.
 *
 * Texts are in the work's arena. What is outside of the scope does not exist.
 */
#ifndef TU_PORTFOLIO_PROJECT_H
#define TU_PORTFOLIO_PROJECT_H

#include "portfolio/release.h"

enum { TU_PROJECT_TEXT_MAX = 255, TU_PROJECT_TAGS_MAX = 100 }; /* bytes; of one project */

struct tu_project {
	int64_t release_id, device_id, parent_id; /* parent 0: none in the scope */
	struct tu_str public_id, name, version, state;
	struct tu_str device, title; /* name and title of the device */
	struct tu_str parent, parent_name, parent_version; /* public id; empty: none */
	int64_t parent_imported; /* us, about when its SBOM came; 0: it has none */
	bool locked;
	bool intake; /* of a device that nobody described */
	bool latest; /* of its name: as a client said, else the one that was made last */
	int64_t created; /* us */
	int64_t imported; /* us, when its SBOM was uploaded last; 0: it has none */
	const struct tu_str *tags; /* in order */
	size_t tag_count;
};

struct tu_projects {
	const struct tu_project *at; /* by name, in each the oldest first */
	size_t count;
	const struct tu_project *one; /* the one that was asked for; NULL: none was */
};

/* Those of a name, or all where it is empty. */
TU_NODISCARD enum tu_status tu_project_list(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str name, struct tu_projects *out, struct tu_error *err);
/* One by the public id of its release, among all of its name. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_project_get(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str public_id, struct tu_projects *out, struct tu_error *err);
/* One by name and version: that of a family before one of the intake. NULL: there is none. */
const struct tu_project *tu_project_of_version(
	const struct tu_projects *projects, struct tu_str version);

/* A name, version or tag that a client may give: 1 to TU_PROJECT_TEXT_MAX bytes of UTF-8 without
 * controls, tabs, line feeds and what is not seen. TU_E_USAGE says what it is. */
TU_NODISCARD enum tu_status tu_project_text_check(
	const char *what, struct tu_str text, struct tu_error *err);

/* What a client says of it. Absent members change nothing. */
struct tu_project_say {
	struct tu_str release; /* public id */
	const struct tu_list_scope *scope;
	struct tu_str parent; /* public id of another project; empty: not said */
	bool says_tags;
	const struct tu_str *tags; /* all of them from now on; with `add` those that are added */
	size_t tag_count;
	bool add;
	bool latest; /* it is the latest of its name */
};
/* TU_E_NOTFOUND: no such release; with pointer "parent": no such parent. TU_E_USAGE: a tag is not
 * as it should be, too many, or it would be its own parent. Recorded where something changed. */
TU_NODISCARD enum tu_status tu_project_say(
	struct tu_work *w, const struct tu_project_say *say, struct tu_error *err);

#endif
