/*
 * Projects in the words of Dependency-Track: how one is written, and how its calls say that there
 * is none.
 */
#ifndef TU_CONNECT_DTRACK_PROJECT_H
#define TU_CONNECT_DTRACK_PROJECT_H

#include "api/call.h"
#include "portfolio/project.h"
#include "portfolio/violation.h"

/* Its members, into the object that is open. */
void tu_dtrack__write_project(struct tu_json_writer *json, const struct tu_project *project);
/* A whole project with all versions of its name, as the answer. */
TU_NODISCARD enum tu_status tu_dtrack__answer_project(
	struct tu_api_call *call, const struct tu_projects *projects, struct tu_error *err);
/* A page of them: those of the query, sorted and cut as it says. */
TU_NODISCARD enum tu_status tu_dtrack__answer_projects(
	struct tu_api_call *call, const struct tu_projects *projects, struct tu_error *err);

/* Findings of projects, by the list of the call. */
struct tu_dtrack_counts {
	int64_t critical, high, medium, low, unknown, none; /* open, by severity */
	int64_t open, closed, not_assessed, exploited; /* closed: by an approved decision */
	int64_t components;
	int64_t violations[TU_VIOLATIONS];
	bool knows_violations; /* false: its device.yaml cannot be read, so nobody knows */
};
/* One for each, in the arena. */
TU_NODISCARD enum tu_status tu_dtrack__count(struct tu_api_call *call,
	const struct tu_project *const *projects, size_t count, struct tu_dtrack_counts **out,
	struct tu_error *err);
/* As the member "metrics"; nothing for a project without an SBOM. */
void tu_dtrack__write_counts(const struct tu_api_call *call, struct tu_json_writer *json,
	const struct tu_project *project, const struct tu_dtrack_counts *counts);

/* Read it by UUID in a transaction of its own; all is in the call's arena. TU_E_NOTFOUND in the
 * words of Dependency-Track. */
TU_NODISCARD enum tu_status tu_dtrack__read_project(struct tu_api_call *call, struct tu_str uuid,
	struct tu_projects *out, struct tu_error *err);
/* The same of all of a name, or all where it is empty. */
TU_NODISCARD enum tu_status tu_dtrack__read_projects(struct tu_api_call *call, struct tu_str name,
	struct tu_projects *out, struct tu_error *err);

/* "The project could not be found." */
enum tu_status tu_dtrack__no_project(struct tu_error *err);
/* 400 with the message of the error, in place of what its status would be. */
enum tu_status tu_dtrack__bad(struct tu_api_call *call, enum tu_status status);

/* What a client says of a project, and where it says so. */
struct tu_dtrack_said {
	struct tu_str parent; /* UUID; empty: not said */
	struct tu_str parent_name, parent_version;
	struct tu_str tags[TU_PROJECT_TAGS_MAX];
	size_t tag_count;
	bool too_many; /* tags */
	bool says_tags, latest;
	bool add; /* tags are added to those that it has */
};
/* Tags of an array of {"name": …}. */
void tu_dtrack__take_tags(struct tu_json tags, struct tu_dtrack_said *out);
/* The public id of the parent that is meant, in the arena; empty where none is. TU_E_NOTFOUND in
 * the words of Dependency-Track. */
TU_NODISCARD enum tu_status tu_dtrack__find_parent(struct tu_api_call *call,
	const struct tu_dtrack_said *said, struct tu_str *out_parent, struct tu_error *err);
/* Keep it, in a transaction of its own. */
TU_NODISCARD enum tu_status tu_dtrack__say(struct tu_api_call *call, struct tu_str release,
	const struct tu_dtrack_said *said, struct tu_error *err);

/* The release of a name and version, which is created where `create` says so; 404, 400. The public
 * id is in the arena. */
struct tu_dtrack_named {
	struct tu_str name, version;
	bool create;
	/* what came of it */
	struct tu_str release;
	bool created;
};
TU_NODISCARD enum tu_status tu_dtrack__find_named(
	struct tu_api_call *call, struct tu_dtrack_named *named, struct tu_error *err);

#endif
