#include <sys/socket.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "http/internal.h"

/* How slowly a body may come, over all of its time after the first seconds. */
enum { BODY_GRACE = 10, BODY_RATE = 1024 };

static const int64_t second = 1000000000;

/* ---- the lists ---- */

static void leave(struct tu_http_connections *all, struct tu_http_connection *c)
{
	if (c->older)
		c->older->newer = c->newer;
	else
		all->oldest[c->phase] = c->newer;
	if (c->newer)
		c->newer->older = c->older;
	else
		all->newest[c->phase] = c->older;
}

static void enter(struct tu_http_connections *all, struct tu_http_connection *c)
{
	c->newer = NULL;
	c->older = all->newest[c->phase];
	if (c->older)
		c->older->newer = c;
	else
		all->oldest[c->phase] = c;
	all->newest[c->phase] = c;
}

/* libmicrohttpd sees the end of the connection and closes it. Its descriptor is still its own: the
 * connection leaves the list, under this lock, before it is closed. */
static bool cut(struct tu_http_connection *c)
{
	if (c->cut)
		return false;
	c->cut = true;
	shutdown(c->fd, SHUT_RDWR);
	return true;
}

static unsigned short *place(struct tu_http *server, const struct tu_http_address *peer)
{
	struct tu_http_connections *all = &server->connections;

	return &all->by_address[tu_hash_seeded(tu_http_address_key(peer), all->seed) %
		TU_COUNT(all->by_address)];
}

static bool is_counted(struct tu_http *server, const struct tu_http_address *peer)
{
	return !peer->local && !tu_http_address_in(peer, &server->trusted);
}

bool tu_http__welcome(struct tu_http *server, const struct tu_http_address *peer)
{
	bool welcome;

	if (!is_counted(server, peer))
		return true;
	pthread_mutex_lock(&server->connections.mutex);
	welcome = *place(server, peer) < server->connections.per_address;
	pthread_mutex_unlock(&server->connections.mutex);
	return welcome;
}

/* The oldest that waits for a request and is not cut already. */
static void evict(struct tu_http *server)
{
	struct tu_http_connection *c = server->connections.oldest[TU_HTTP_WAITING];

	while (c && !cut(c))
		c = c->newer;
	if (c)
		tu_http__add(server, TU_HTTP_EVICTED, 1);
}

struct tu_http_connection *tu_http__connected(
	struct tu_http *server, const struct tu_http_address *peer, int fd)
{
	struct tu_http_connections *all = &server->connections;
	struct tu_http_connection *c = tu_alloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->fd = fd;
	c->peer = *peer;
	c->trusted = tu_http_address_in(peer, &server->trusted);
	c->began = tu_http__now();
	pthread_mutex_lock(&all->mutex);
	if (is_counted(server, peer))
		++*place(server, peer);
	c->extra = ++all->count > all->max;
	if (c->extra)
		evict(server);
	c->deadline = c->began + second * (c->extra ? 2 : server->head_seconds);
	enter(all, c);
	pthread_mutex_unlock(&all->mutex);
	tu_http__add(server, TU_HTTP_CONNECTIONS, 1);
	return c;
}

void tu_http__disconnected(struct tu_http *server, struct tu_http_connection *connection)
{
	struct tu_http_connections *all = &server->connections;

	pthread_mutex_lock(&all->mutex);
	leave(all, connection);
	all->count--;
	if (is_counted(server, &connection->peer))
		--*place(server, &connection->peer);
	pthread_mutex_unlock(&all->mutex);
	tu_free(connection);
	tu_http__less(server, TU_HTTP_CONNECTIONS);
}

void tu_http__phase(struct tu_http *server, struct tu_http_connection *connection,
	enum tu_http_phase phase, int64_t seconds)
{
	struct tu_http_connections *all = &server->connections;
	int64_t now = tu_http__now();

	pthread_mutex_lock(&all->mutex);
	leave(all, connection);
	connection->phase = phase;
	connection->began = now;
	connection->ended = false;
	connection->deadline = seconds > 0 ? now + seconds * second : INT64_MAX;
	atomic_store(&connection->received, 0);
	/* It has become an ordinary one, if others have gone meanwhile. */
	if (phase == TU_HTTP_WAITING && connection->extra)
		connection->extra = all->count > all->max;
	enter(all, connection);
	pthread_mutex_unlock(&all->mutex);
}

/* ---- who is too slow ---- */

static bool is_late(const struct tu_http_connection *c, int64_t now)
{
	int64_t passed = (now - c->began) / second;

	if (now > c->deadline)
		return true;
	return c->phase == TU_HTTP_BODY && passed > BODY_GRACE &&
		atomic_load(&c->received) / BODY_RATE < (uint64_t)(passed - BODY_GRACE);
}

/* Its end came with the last bytes, of which libmicrohttpd hears nothing (its epoll is
 * edge-triggered and it reads once): no more of the body will come. Seen twice, for it may have the
 * rest in its buffer. */
static bool has_gone(struct tu_http_connection *c)
{
	unsigned long long received = atomic_load(&c->received);
	char byte;
	bool ended =
		c->phase == TU_HTTP_BODY && recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
	bool gone = ended && c->ended && received == c->received_then;

	c->ended = ended;
	c->received_then = received;
	return gone;
}

void tu_http__sweep(struct tu_http *server, int64_t now)
{
	static const enum tu_http_phase phases[] = {TU_HTTP_WAITING, TU_HTTP_BODY, TU_HTTP_SENDING};
	struct tu_http_connections *all = &server->connections;

	pthread_mutex_lock(&all->mutex);
	for (size_t i = 0; i < TU_COUNT(phases); i++)
		for (struct tu_http_connection *c = all->oldest[phases[i]]; c; c = c->newer)
			if (is_late(c, now) && cut(c))
				tu_http__add(server, TU_HTTP_TIMED_OUT, 1);
			else if (has_gone(c))
				(void)cut(c);
	pthread_mutex_unlock(&all->mutex);
}

void tu_http__cut(struct tu_http *server, enum tu_http_phase phase)
{
	struct tu_http_connections *all = &server->connections;

	pthread_mutex_lock(&all->mutex);
	for (struct tu_http_connection *c = all->oldest[phase]; c; c = c->newer)
		cut(c);
	pthread_mutex_unlock(&all->mutex);
}
