/*
 * Publish what was decided about a device: read its folder, assess the release where one is named,
 * and gather the statements of a document. tu_issue_write() writes it.
 */
#ifndef TU_APP_PUBLISH_H
#define TU_APP_PUBLISH_H

#include <tutela/issue.h>

#include "app/assess.h"

struct tu_publish_request {
	const char *folder;
	const char *release; /* NULL: every release that decisions name */
	const char *kb; /* the argument of --kb, or NULL */
	const char *const *ids; /* vulnerabilities; none: all */
	size_t id_count;
	const char *previous; /* the file that the document replaces, or NULL */
	const char *document_id; /* NULL: made of the device's id, the release and the one id */
	const char *summary; /* of this revision, or NULL */
	const struct tu_str *withheld; /* as of tutela/issue.h */
	size_t withheld_count;
	const char *generator; /* "tutela 0.1.0" */
	struct tu_str tlp; /* "WHITE", "GREEN", "AMBER", "RED" */
	bool plain; /* as of assess/publish.h */
	enum tu_issue_format format;
	int64_t at; /* what is in force then */
	int64_t created; /* the creation time that is written into the document */
};

struct tu_publish_answer {
	struct tu_device_folder folder;
	struct tu_kb_file kb;
	struct tu_assess_answer assessed; /* of the release, if it has an SBOM */
	const struct tu_device_folder *used; /* the folder of the two that was read last */
	struct tu_buf previous, id, title;
	struct tu_issue issue;
	struct tu_warnings warnings;
	/* for tu_app_publish_read(): the SBOM of a release, NULL where it has none */
	enum tu_status (*read_sbom)(void *self, size_t release,
		const struct tu_inventory **out_inventory, struct tu_error *err);
	void *read_self;
	const struct tu_kb *titles; /* for titles and vectors, where no release is assessed */
	const struct tu_publish_titles *own; /* as of assess/publish.h */
};

/* Whatever the status, end with tu_publish_done(), and report the warnings: they name what cannot
 * be stated. The answer borrows the request. TU_E_USAGE also for a device.yaml that still has the
 * template's words, TU_E_SYNTAX for decisions that cannot be stated. */
TU_NODISCARD enum tu_status tu_app_publish(const struct tu_app_context *context,
	const struct tu_publish_request *request, struct tu_publish_answer *answer,
	struct tu_error *err);
void tu_publish_done(struct tu_publish_answer *answer);
/* Append the id of the document that a request without one would get. */
void tu_publish_document_id(const struct tu_publish_request *request,
	const struct tu_device *device, struct tu_buf *out);

/* The same for what was read elsewhere than from a folder. Set before: `used` (arena, device,
 * decisions), assessed.result and assessed.matching.report.kb, or `titles`, `read_sbom`, and of the
 * request all but folder, kb and previous, which is answer->previous (initialised). All of it is
 * borrowed: end with tu_publish_read_done(). */
TU_NODISCARD enum tu_status tu_app_publish_read(const struct tu_publish_request *request,
	struct tu_publish_answer *answer, struct tu_error *err);
void tu_publish_read_done(struct tu_publish_answer *answer);

#endif
