/*
 * One document in JSON or XML, as CycloneDX spells it.
 *
 * The two forms of CycloneDX say the same by the same names, but for what is an attribute and how
 * lists are written. The writer says what there is; this says it in the form asked for. The order
 * of members is that of the XML schema, where it matters.
 */
#ifndef TU_SBOM_MARKUP_H
#define TU_SBOM_MARKUP_H

#include "base/json_writer.h"
#include "base/xml_writer.h"

struct tu_markup {
	bool xml; /* which of the two writes */
	struct tu_json_writer json_to;
	struct tu_xml_writer xml_to;
	bool changed; /* a text was, since this was last cleared: XML does not keep all */
};

struct tu_markup tu_markup(struct tu_buf *out, bool xml);

/* A member that is an object, and one that is a list. */
void tu_markup_open(struct tu_markup *m, const char *name);
void tu_markup_close(struct tu_markup *m, const char *name);
void tu_markup_list(struct tu_markup *m, const char *name);
void tu_markup_end_list(struct tu_markup *m, const char *name);
/* An object in a list: an element of this name; NULL: XML has none around it. */
void tu_markup_item(struct tu_markup *m, const char *element);
void tu_markup_end_item(struct tu_markup *m, const char *element);
/* Members that are texts: elements, attributes, the text of the element itself. */
void tu_markup_text(struct tu_markup *m, const char *name, struct tu_str text);
void tu_markup_opt(struct tu_markup *m, const char *name, struct tu_str text);
void tu_markup_attr(struct tu_markup *m, const char *name, struct tu_str text);
void tu_markup_content(struct tu_markup *m, const char *name, struct tu_str text);
/* A list in JSON; in XML nothing is around its items: objects, texts, elements with an attribute
 * "ref" that are texts in JSON. */
void tu_markup_refs(struct tu_markup *m, const char *name);
void tu_markup_item_text(struct tu_markup *m, const char *element, struct tu_str text);
void tu_markup_ref(struct tu_markup *m, const char *element, struct tu_str ref);
void tu_markup_end_refs(struct tu_markup *m);

#endif
