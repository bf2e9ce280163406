"""Drives the real lazr.restfulclient through the document's steps; the argument is the URL of the service root."""

import sys

from lazr.restfulclient.errors import HTTPError, PreconditionFailed
from lazr.restfulclient.resource import ServiceRoot


def client(url):
    return ServiceRoot(None, url, max_retries=0)


def bug_of(root):
    (bug,) = root.bugs
    return bug


def http(root, method, url, content=None, **fields):
    """A request below the client's objects, but through its own HTTP library, httplib2, without its cache."""
    return root._browser._connection.request(
        url, method, body=content, headers={"cache-control": "no-store", **fields}
    )


def revalidates(root, url, tag):
    response, content = http(root, "GET", url, **{"if-none-match": tag})
    return response.status == 304 and content == b""


def conditional_writes_may_work_even_when_the_tags_are_not_identical(url):
    root = client(url)
    bug, stale = bug_of(root), bug_of(root)
    old_etag, old_date = bug.http_etag, bug.date_last_message

    # A message, by the client's named operation.
    message = bug.newMessage(subject="subject", content="content")
    assert (message.subject, message.content) == ("subject", "content"), message.content

    # The client's own refresh carries the old tag in If-None-Match, and hears of the new date.
    bug.lp_refresh()
    new_etag = bug.http_etag
    assert bug.date_last_message != old_date
    assert new_etag != old_etag
    assert not revalidates(root, bug.self_link, old_etag)
    old_read, old_write = old_etag.rsplit("-", 1)
    new_read, new_write = new_etag.rsplit("-", 1)
    assert old_read != new_read
    assert old_write == new_write

    # The other copy of the bug still has the old tag, and its PATCH goes through.
    assert stale.http_etag == old_etag
    stale.title = "New title"
    stale.lp_save()

    # 209: the client has taken over the new representation, without another request.
    newer_etag = stale.http_etag
    assert stale.title == "New title"
    newer_read, newer_write = newer_etag.rsplit("-", 1)
    assert newer_read != new_read
    assert newer_write != new_write
    fresh = bug_of(client(url))
    assert (fresh.title, fresh.http_etag) == ("New title", newer_etag)

    # The write half of the first copy's tag no longer matches.
    assert bug.http_etag == new_etag
    bug.title = "Another title"
    try:
        bug.lp_save()
    except PreconditionFailed as error:
        assert error.response["status"] == "412"
    else:
        raise AssertionError("expected 412")
    fresh = bug_of(client(url))
    assert (fresh.title, fresh.http_etag) == ("New title", newer_etag)

    # "... even if the read portion matches."
    refused, _ = http(
        client(url),
        "PATCH",
        fresh.self_link,
        '{"title": "Another title"}',
        **{"content-type": "application/json", "if-match": newer_read + '-0"'},
    )
    assert refused.status == 412, refused
    assert bug_of(client(url)).http_etag == newer_etag

    # After a refresh the same change passes.
    bug.lp_refresh()
    assert bug.title == "New title"
    bug.title = "Another title"
    bug.lp_save()
    assert bug_of(client(url)).title == "Another title"


def it_is_okay_if_mod_compress_modifies_outgoing_tags(url):
    root = client(url)
    bug = bug_of(root)
    etag = bug.http_etag
    for form in (etag, etag + "-gzip", etag[:-1] + "-gzip" + etag[-1]):
        assert revalidates(root, bug.self_link, form), form
    assert not revalidates(root, bug.self_link, etag + "-not-gzip")


def a_refresh_of_an_unchanged_bug_transfers_nothing(url):
    root = client(url)
    bug = bug_of(root)
    browser = root._browser
    assert browser.get(bug.self_link, headers={"If-None-Match": bug.http_etag}) is browser.NOT_MODIFIED
    before = bug.http_etag
    bug.lp_refresh()
    assert bug.http_etag == before


def a_post_without_a_content_type_is_a_form(url):
    root = client(url)
    bug = bug_of(root)
    before = bug.message_count
    response, _ = root._browser.post(bug.self_link, "newMessage", subject="plain", content="text")
    assert response.status == 201, response
    fresh = bug_of(client(url))
    assert fresh.message_count == before + 1
    written = root._browser.get(response["location"])
    assert b'"text"' in written, written


def what_clients_cannot_modify_is_refused(url):
    root = client(url)
    bug = bug_of(root)
    before = bug.http_etag
    bug.message_count = 0
    try:
        bug.lp_save()
    except HTTPError as error:
        assert error.response["status"] == "400", error
    else:
        raise AssertionError("expected 400")
    assert bug_of(client(url)).http_etag == before


url = sys.argv[1]
conditional_writes_may_work_even_when_the_tags_are_not_identical(url)
it_is_okay_if_mod_compress_modifies_outgoing_tags(url)
a_refresh_of_an_unchanged_bug_transfers_nothing(url)
a_post_without_a_content_type_is_a_form(url)
what_clients_cannot_modify_is_refused(url)
print("all steps done")
