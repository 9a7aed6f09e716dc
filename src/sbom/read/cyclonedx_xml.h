/*
 * CycloneDX XML: what becomes of each element, for the walk over the document.
 */
#ifndef TU_SBOM_CYCLONEDX_XML_H
#define TU_SBOM_CYCLONEDX_XML_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/str.h>

#define TU_CDX_SPACE_CORE "http://cyclonedx.org/schema/bom/"
#define TU_CDX_SPACE_VULNERABILITY "http://cyclonedx.org/schema/ext/vulnerability/1."
#define TU_CDX_SPACE_DEPENDENCY "http://cyclonedx.org/schema/ext/dependency-graph/1."

enum tu_cdx_kind {
	TU_CDX_SKIPPED, /* nothing is written of it */
	TU_CDX_ASIDE, /* the same, with a note */
	TU_CDX_TEXT, /* a string */
	TU_CDX_NUMBER, /* a number, else a string */
	TU_CDX_REF, /* a string: its attribute "ref" */
	TU_CDX_EMPTY, /* {}: that it is there, for the JSON reader to say so */
	TU_CDX_OBJECT, /* attributes and children are members */
	TU_CDX_LIST /* children are items */
};

struct tu_cdx_shape;

struct tu_cdx_child {
	const char *element;
	/* In an object: the member's name. In a list: the member of an object around the item, or
	 * NULL when the item is alone. */
	const char *member;
	const struct tu_cdx_shape *shape;
	bool many; /* of an object: comes several times, the member is an array */
};

/* An attribute and the member that it becomes. */
struct tu_cdx_attribute {
	const char *attribute;
	const char *member;
	bool literal; /* a number, true or false: no string, if it is one of these */
};

struct tu_cdx_shape {
	enum tu_cdx_kind kind;
	const char *text; /* member that gets the text of an object */
	const struct tu_cdx_attribute *attributes; /* up to one without name */
	const struct tu_cdx_child *children;
	size_t count;
	bool open; /* other children are skipped without a note */
	bool to_statements; /* items go to the document's vulnerabilities */
};

/* Those that the walk must know: it does more with them than the tables say. */
struct tu_cdx_shapes {
	const struct tu_cdx_shape *bom;
	const struct tu_cdx_shape *metadata;
	const struct tu_cdx_shape *component;
	const struct tu_cdx_shape *vulnerability;
	const struct tu_cdx_shape *ext_vulnerability;
};

extern const struct tu_cdx_shapes tu_sbom__cdx_shapes;

/* The child of an extension's namespace with this name, or NULL. */
const struct tu_cdx_child *tu_sbom__cdx_extension(struct tu_str space, struct tu_str local);

#endif
