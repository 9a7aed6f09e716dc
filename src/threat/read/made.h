/*
 * A foreign form is translated: composed as the neutral form and read as that, so that there is one
 * reader of models. What cannot be read in it is a question or a loss, never an error.
 *
 * Forms without fields for what Tutela asks keep it in descriptions, one "name: value" a line, as
 * our own exports write them: "ref: f10", "authentication: mutual", "count: 180". "text: …" is
 * prose that would else be taken for a statement; "name: …" is the name where the form wants
 * another one, "protocol: …" a protocol that it has no word for. A name that is the id is none.
 */
#ifndef TU_THREAT_READ_MADE_H
#define TU_THREAT_READ_MADE_H

#include "base/json_writer.h"
#include "threat/read/reading.h"

struct tu_made_line {
	struct tu_str name, value;
};

/* A description taken apart. */
struct tu_made_text {
	struct tu_str prose; /* what is no line of that kind */
	const struct tu_made_line *lines;
	size_t count;
};

/* A thing of the form: a zone, an element or a flow, merged over diagrams by its id. */
struct tu_made_thing {
	struct tu_str id, name;
	const char *kind; /* a word of the element's kind; NULL: none */
	struct tu_made_text text;
	struct tu_str from, to; /* ids, of a flow */
	struct tu_str zone; /* id; of a zone its parent */
	struct tu_str protocol;
	bool out_of_scope;
	TU_VEC(struct tu_made_line) stated; /* what fields of the form say */
	TU_VEC(struct tu_str) assets; /* ids, beside those in the text */
};

/* A control of which the form has no list of its own, or none with our members. */
struct tu_made_control {
	struct tu_str title, requirement, evidence, category;
	TU_VEC(struct tu_str) covers;
};

struct tu_made_asset {
	struct tu_str id, title, function, privacy;
	struct tu_str hazards; /* "overdose on loss of integrity/availability, …", "none"; empty */
};

struct tu_made_view {
	struct tu_str id, title, kind;
	TU_VEC(struct tu_str) elements, flows;
};

struct tu_made {
	struct tu_reading *reading;
	struct tu_str id, title, manufacturer, intended_use, essential_performance;
	TU_VEC(struct tu_made_thing) zones, elements, flows;
	TU_VEC(struct tu_made_control) controls;
	TU_VEC(struct tu_made_asset) assets; /* those that are named but not here are added */
	TU_VEC(struct tu_made_view) views;
};

/* Take a description apart. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_made_take(
	struct tu_form *form, struct tu_str description, struct tu_made_text *out_text);
/* Would a line of a description be taken for a statement? */
bool tu_made_is_line(struct tu_str line);
/* Is a line of this name read as a fact of an element or a flow? */
bool tu_made_is_fact(struct tu_str name, bool flow);
/* The value of a line; empty where there is none. */
struct tu_str tu_made_line(const struct tu_made_text *text, const char *name);
/* Say something of a thing unless its text does. False: no memory. */
bool tu_made_state(
	struct tu_made *made, struct tu_made_thing *thing, const char *name, struct tu_str value);
/* "Title (requirement R, evidence E)", as our exports write it; parts "none" are not stated. */
void tu_made_mitigation(struct tu_str text, struct tu_made_control *out_control);

/* A zone as it is drawn: forms that do not store what is inside which zone are read by geometry. */
struct tu_made_frame {
	double x, y, width, height;
	struct tu_str id; /* of the zone */
};

/* The id of the smallest frame around a point; empty where there is none. */
struct tu_str tu_made_around(const struct tu_made_frame *frames, size_t count, double x, double y);
/* Give the zones of one drawing their parents: the smallest larger frame around the middle. */
void tu_made_nest(struct tu_made *made, const struct tu_made_frame *frames, size_t count);

/* A boundary that is drawn as a line: from its source by way of the handle to its target. What it
 * bends around, between the rays from the handle through both ends, is inside. */
struct tu_made_bend {
	double source_x, source_y, handle_x, handle_y, target_x, target_y;
	struct tu_str id; /* of the zone */
};

/* Does it bend at all? A straight line has no inside. */
bool tu_made_bends(const struct tu_made_bend *bend);
/* The id of the one line that bends around a point; empty where none does or several do. */
struct tu_str tu_made_bent_around(
	const struct tu_made_bend *bends, size_t count, double x, double y);

/* Compose the neutral form and read it into the reading's model. */
TU_NODISCARD enum tu_status tu_made_read(struct tu_made *made);

#endif
