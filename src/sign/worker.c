#include "sign/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/utf8.h"
#include "sign/confine.h"
#include "sign/keys.h"
#include "sign/log.h"

struct worker {
	struct tu_sign_keys keys;
	struct tu_sign_log log;
	struct tu_error unfit; /* why nothing can be signed; status TU_OK: it can */
	bool confined;
};

static enum tu_status key_of(const struct worker *w, uint32_t purpose, struct tu_error *err)
{
	if (purpose >= TU_SIGN_PURPOSES)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "nothing is signed for this purpose");
	if (!w->keys.of[purpose].there)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no key for a %s: %s.key is missing",
			tu_sign_purpose_name((enum tu_sign_purpose)purpose),
			tu_sign_purpose_file((enum tu_sign_purpose)purpose));
	return TU_OK;
}

/* The log is to be read again: one line of text. */
static bool is_line(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < ' ')
			return false;
	}
	return tu_utf8_invalid_at(text) == text.len;
}

static enum tu_status sign(struct worker *w, const struct tu_sign_ask *ask,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	struct tu_sign_entry entry = {.at = ask->at,
		.who = tu_str_of(ask->who, ask->who_len),
		.purpose = (enum tu_sign_purpose)ask->purpose,
		.payload = tu_str_of(ask->payload, ask->payload_len)};
	enum tu_status status;

	if (!is_line(entry.who))
		return tu_fail(
			err, TU_E_SYNTAX, 0, "for whom it is signed is not a line of valid UTF-8");
	entry.key_id = tu_str_c(w->keys.of[ask->purpose].id);
	status = tu_sign_check(entry.purpose, entry.payload, entry.key_id, err);
	if (!status)
		status = tu_sign__log_add(&w->log, &entry, err);
	if (!status)
		status = tu_ed25519_sign(
			w->keys.of[ask->purpose].key.seed, entry.payload, reply->signature, err);
	return status;
}

static enum tu_status serve(struct worker *w, const struct tu_sign_ask *ask, size_t len,
	struct tu_sign_reply *reply, struct tu_error *err)
{
	enum tu_status status;

	if (len != sizeof(*ask) || ask->who_len > sizeof(ask->who) ||
		ask->payload_len > sizeof(ask->payload))
		return tu_fail(err, TU_E_USAGE, 0, "this is no request to the signing process");
	if (w->unfit.status) {
		*err = w->unfit;
		return err->status;
	}
	if (ask->op == TU_SIGN_OP_HELLO)
		return TU_OK;
	if (ask->op != TU_SIGN_OP_KEY && ask->op != TU_SIGN_OP_SIGN)
		return tu_fail(err, TU_E_USAGE, 0, "the signing process does no such thing");
	status = key_of(w, ask->purpose, err);
	if (!status)
		memcpy(reply->public_key, w->keys.of[ask->purpose].key.public_key,
			sizeof(reply->public_key));
	return status || ask->op == TU_SIGN_OP_KEY ? status : sign(w, ask, reply, err);
}

static bool answer(struct worker *w, int socket, const struct tu_sign_ask *ask, size_t len)
{
	struct tu_sign_reply reply = {.sequence = len == sizeof(*ask) ? ask->sequence : 0,
		.process = getpid(),
		.confined = w->confined};
	struct tu_error err = {0};
	enum tu_status status = serve(w, ask, len, &reply, &err);

	reply.status = status;
	reply.line = (uint32_t)err.line;
	if (status)
		memcpy(reply.message, err.message, sizeof(reply.message));
	return send(socket, &reply, sizeof(reply), MSG_NOSIGNAL) == (ssize_t)sizeof(reply);
}

static void get_ready(struct worker *w, const struct tu_signer_options *options)
{
	enum tu_status status;

	tu_sign__hide();
	w->log.fd = -1;
	status = tu_sign__keys_load(options->folder, options->make_keys, &w->keys, &w->unfit);
	if (!status)
		status = tu_sign__log_open(options->folder, &w->log, &w->unfit);
	if (status) {
		(void)tu_error_flatten(&w->unfit);
		w->unfit.status = status;
	}
	w->confined = tu_sign__confine();
	if (!status && !w->confined && !options->unconfined)
		(void)tu_fail(&w->unfit, TU_E_UNSUPPORTED, 0,
			"the signing process cannot give up the network: the kernel has no "
			"seccomp, or the package libseccomp2 is not installed");
}

int tu_sign__work(int socket, const struct tu_signer_options *options)
{
	static struct worker w;
	static struct tu_sign_ask ask;
	bool going = true;

	get_ready(&w, options);
	while (going) {
		ssize_t len = recv(socket, &ask, sizeof(ask), MSG_TRUNC);

		if (len < 0 && errno == EINTR)
			continue;
		going = len > 0 && answer(&w, socket, &ask, (size_t)len);
		tu_wipe(&ask, sizeof(ask));
	}
	tu_wipe(&w.keys, sizeof(w.keys));
	tu_sign__log_close(&w.log);
	return 0;
}
