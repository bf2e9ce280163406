"""Drives rackfish as its users do; the arguments are the URLs of five simulated BMCs."""

import sys

from rackfish import RedfishClient, RedfishError


def connect(url):
    client = RedfishClient(url, "admin", "password")
    client.connect()
    return client


def system(url):
    return next(iter(connect(url).Systems))


def refused(status, change):
    try:
        change()
    except RedfishError as error:
        assert f"-> {status} " in str(error), error
        return str(error)
    raise AssertionError(f"expected {status}")


def tagged(url):
    # An attribute.
    one = system(url)
    assert one.AssetTag == "MyServer"
    one.AssetTag = "MyNewServer"
    assert system(url).AssetTag == "MyNewServer"

    # patch(), which reads the resource again, so that the next one passes.
    one = system(url)
    one.patch({"AssetTag": "UpdatedTag", "IndicatorLED": "Lit"})
    one.patch({"Boot": {"BootSourceOverrideTarget": "Pxe"}})
    assert system(url).IndicatorLED == "Lit"

    # Another writer.
    mine, theirs = system(url), system(url)
    assert mine.AssetTag == theirs.AssetTag == "UpdatedTag"
    theirs.AssetTag = "theirs"
    text = refused(412, lambda: mine.patch({"AssetTag": "mine"}))
    assert "@Message.ExtendedInfo" in text, text
    assert system(url).AssetTag == "theirs"
    mine.refresh()
    mine.AssetTag = "mine"
    assert system(url).AssetTag == "mine"

    # An account, from its creation to its end.
    accounts = connect(url).AccountService.Accounts
    account = accounts.create({"UserName": "jane", "Password": "x", "RoleId": "Operator"})
    account.patch({"RoleId": "ReadOnly"})
    assert account.RoleId == "ReadOnly"
    account.delete()

    # The token of a session does not outlive it.
    client = connect(url)
    token = client._session_token
    client.logout()
    late = RedfishClient(url, default_headers={"X-Auth-Token": token})
    refused(401, lambda: late.patch("/redfish/v1/Systems/1", {"AssetTag": "x"}, etag="*"))
    assert system(url).AssetTag == "mine"


def logged_in(url):
    client = connect(url)
    one = next(iter(client.Systems))
    one.AssetTag = "session"
    client.logout()
    basic = RedfishClient(url, "admin", "password", use_session=False)
    one = next(iter(basic.Systems))
    one.AssetTag = "basic"
    stranger = RedfishClient(url, "admin", "wrong", use_session=False)
    refused(401, lambda: stranger.patch("/redfish/v1/Systems/1", {"AssetTag": "x"}, etag="*"))
    assert system(url).AssetTag == "basic"


def untagged(url):
    one = system(url)
    # The document's own line.
    one.PowerState = "On"
    one.AssetTag = "one"
    one.patch({"AssetTag": "two"})
    assert system(url).AssetTag == "two"


required, strong, locked, without, without_but_required = sys.argv[1:]
tagged(required)
tagged(strong)
tagged(locked)
logged_in(locked)
untagged(without)
refused(428, lambda: system(without_but_required).patch({"AssetTag": "x"}))
print("all steps done")
