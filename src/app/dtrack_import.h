/*
 * What another tool decided, taken over: projects of Dependency-Track as device folders.
 *
 * A project becomes a device (by its name) with a release (its version), its BOM the release's
 * SBOM, and what was decided on its findings decisions in decisions/, in the words of app/triage.h,
 * each with its origin, comments and time. They are files as a person could write them: a push
 * makes proposals of them, and nothing here signs anything. The same input gives the same files, so
 * that pushing them again changes nothing.
 *
 * Sources: files (findings in its format FPF, SBOMs of any format, VEX), or its API, version 1,
 * through a function that gets a path.
 *
 * A decision is of the one release whose project it was made in, and is not carried: in another
 * version nobody decided. Dependency-Track states no risk; what is exploitable is proposed as
 * uncontrolled until a person says otherwise. Whatever does not carry over is a row of `lost`: by
 * kind, with its name.
 *
 * All lives in the arena. One thread.
 */
#ifndef TU_APP_DTRACK_IMPORT_H
#define TU_APP_DTRACK_IMPORT_H

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>

#include "app/triage.h"
#include "base/json.h"
#include "base/vec.h"

enum tu_dtrack_kind {
	TU_DTRACK_LOST_FILE, /* that nothing reads */
	TU_DTRACK_LOST_PROJECT, /* without name or version, or of too long ones */
	TU_DTRACK_LOST_BOM, /* a project has none, or it cannot be read */
	TU_DTRACK_LOST_DECISION, /* without a reason, in unknown words, without its finding */
	TU_DTRACK_LOST_TAG,
	TU_DTRACK_LOST_PARENT, /* projects have no parents here */
	TU_DTRACK_LOST_KINDS
};

/* "files", "projects", … Static storage. */
const char *tu_dtrack_kind_name(enum tu_dtrack_kind kind);

struct tu_dtrack_lost {
	enum tu_dtrack_kind kind;
	struct tu_str name, why;
};

/* What was decided on a finding. */
struct tu_dtrack_decided {
	struct tu_str vulnerability, source, component, version, purl;
	struct tu_triage triage;
	struct tu_str by; /* who commented last; empty: not stated */
	int64_t at, found; /* seconds; 0: not stated */
	bool kev_stated, kev;
};

struct tu_dtrack_imported {
	struct tu_str name, version, uuid;
	struct tu_str bom, bom_name; /* bytes; empty: none */
	TU_VEC(struct tu_dtrack_decided) decided;
	struct {
		struct tu_str bytes, name;
	} vex[8];
	size_t vex_count;
};

struct tu_dtrack_import {
	struct tu_arena *arena;
	TU_VEC(struct tu_dtrack_imported) projects; /* in the order of the input */
	TU_VEC(struct tu_dtrack_lost) lost;
	size_t findings; /* that were looked at */
	/* what tu_dtrack_import_write() made */
	TU_VEC(struct tu_str) folders; /* names */
	size_t devices, releases, boms, decisions, statements;
};

/* A file, by its name and content. What is none of the above is `lost`, no error. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_dtrack_import_file(struct tu_dtrack_import *import,
	struct tu_str name, struct tu_str text, struct tu_error *err);

/* How its API is asked. */
struct tu_dtrack_get {
	/* The answer to GET of a path ("/api/v1/project?…") into `out`, and its status. TU_E_IO. */
	enum tu_status (*get)(void *self, struct tu_str path, struct tu_buf *out, long *out_status,
		struct tu_error *err);
	void *self;
};
/* All projects that the key sees. An answer that is none of its shapes is TU_E_UNSUPPORTED, which
 * names the path. */
TU_NODISCARD enum tu_status tu_dtrack_import_api(
	struct tu_dtrack_import *import, const struct tu_dtrack_get *get, struct tu_error *err);

/* Write a folder for each device below `folder`, which is there. */
TU_NODISCARD enum tu_status tu_dtrack_import_write(
	struct tu_dtrack_import *import, const char *folder, struct tu_error *err);

/* ---- parts ---- */

TU_NODISCARD enum tu_status tu_dtrack__lose(struct tu_dtrack_import *import,
	enum tu_dtrack_kind kind, struct tu_str name, const char *why, struct tu_error *err);
/* The project of a name and version, made when it is not there; NULL in `*out`: it is lost. */
TU_NODISCARD enum tu_status tu_dtrack__project_of(struct tu_dtrack_import *import,
	struct tu_str name, struct tu_str version, struct tu_dtrack_imported **out,
	struct tu_error *err);
bool tu_dtrack__same_name(struct tu_str a, struct tu_str b);
/* A finding as FPF and the API have it. NULL in `*out`: it has no decision. */
TU_NODISCARD enum tu_status tu_dtrack__finding_of(struct tu_dtrack_import *import,
	struct tu_json finding, struct tu_dtrack_decided *out, bool *out_decided,
	struct tu_error *err);
/* ms since 1970 or RFC 3339, as seconds; 0: neither. */
int64_t tu_dtrack__time(struct tu_json value);
struct tu_str tu_dtrack__keep(struct tu_dtrack_import *import, struct tu_str text);

#endif
