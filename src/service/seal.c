/* Signatures of CSAF documents: by the signing process, for what publishes them. */
#include "portfolio/provider.h"
#include "service/inside.h"

_Static_assert((int)TU_SEAL_FINGERPRINT == (int)TU_SIGN_FINGERPRINT, "one length of fingerprints");

static enum tu_status sign_with(struct tu_service *service, const struct tu_seal_ask *ask,
	struct tu_str fingerprint, struct tu_buf *out, struct tu_error *err)
{
	struct tu_sign_content content = {
		.subject = ask->name, .at = ask->at, .key_id = fingerprint};
	struct tu_sign_request request = {.purpose = TU_SIGN_CSAF, .who = ask->who, .at = ask->at};
	struct tu_buf payload;
	enum tu_status status;

	memcpy(content.sha256, ask->sha256, sizeof(content.sha256));
	tu_buf_init(&payload, TU_SIGN_PAYLOAD_MAX);
	tu_sign_content_text(TU_SIGN_CSAF, &content, &payload);
	request.payload = tu_buf_str(&payload);
	status = payload.failed
		? tu_fail(err, TU_E_LIMIT, 0, "%.80s…: too long a name to be signed", ask->name.ptr)
		: tu_signer_sign_document(service->signer, &request, ask->document, out, err);
	tu_buf_done(&payload);
	return status;
}

static enum tu_status sign(
	void *self, const struct tu_seal_ask *ask, struct tu_seal *out, struct tu_error *err)
{
	struct tu_service *service = self;
	struct tu_buf public;
	enum tu_status status;

	tu_buf_init(&public, TU_SEAL_TEXT_MAX);
	status = tu_signer_openpgp_key(service->signer, out->fingerprint, &public, err);
	tu_buf_done(&public);
	return status ? status
		      : sign_with(service, ask, tu_str_c(out->fingerprint), &out->text, err);
}

const struct tu_statement_seal *tu_service_seal(struct tu_service *service)
{
	return &service->seal;
}

enum tu_status tu_service_seal_state(struct tu_service *service,
	char out_fingerprint[TU_SEAL_FINGERPRINT + 1], struct tu_error *err)
{
	struct tu_buf public;
	enum tu_status status;

	tu_buf_init(&public, TU_SEAL_TEXT_MAX);
	status = tu_signer_openpgp_key(service->signer, out_fingerprint, &public, err);
	tu_buf_done(&public);
	return status;
}

/* ---- when it begins ---- */

struct noting {
	struct tu_service *service;
	struct tu_str fingerprint, public;
	size_t count; /* of documents that were signed */
};

static enum tu_status note(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct noting *n = self;

	return tu_provider_key_note(w, n->fingerprint, n->public, err);
}

static enum tu_status sign_rest(struct tu_work *w, void *self, struct tu_error *err)
{
	struct noting *n = self;

	return tu_provider_sign_rest(w, &n->service->seal, &n->count, err);
}

/* Whatever fails here is said, and is no reason not to start: nothing is shown as signed that is
 * not. */
static void note_key(struct tu_service *service, struct noting *n)
{
	const struct tu_act act = tu_service__act(service, "system:provider");
	struct tu_error err = {0};
	enum tu_status status = tu_work_run(service->store, &act, note, n, &err);

	if (status == TU_OK)
		status = tu_work_run(service->store, &act, sign_rest, n, &err);
	if (status != TU_OK)
		tu_service__say(service, TU_SERVICE_WARNING, "CSAF documents: %s", err.message);
	else if (n->count)
		tu_service__say(service, TU_SERVICE_INFO,
			"%zu CSAF documents were signed that were published without a key",
			n->count);
}

enum tu_status tu_service__seal_start(struct tu_service *service, struct tu_error *err)
{
	char fingerprint[TU_SEAL_FINGERPRINT + 1];
	struct noting n = {.service = service};
	struct tu_error why = {0};
	struct tu_buf public;
	enum tu_status status;

	(void)err;
	service->seal = (struct tu_statement_seal){sign, service};
	tu_buf_init(&public, TU_SEAL_TEXT_MAX);
	status = tu_signer_openpgp_key(service->signer, fingerprint, &public, &why);
	if (status == TU_OK) {
		n.fingerprint = tu_str_c(fingerprint);
		n.public = tu_buf_str(&public);
		note_key(service, &n);
	} else {
		tu_service__say(service, TU_SERVICE_INFO,
			"CSAF documents are published without signatures: %s", why.message);
	}
	tu_buf_done(&public);
	return TU_OK;
}
