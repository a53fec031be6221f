"""Who may use the console; and who one is."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api import session_problem as s
from shared.api.route import BODY, Route
from shared.api.session_messages import Me
from shared.api.user_messages import NewUser, UserChange, UserList, UserView

USERS: Final = "/v1/users"
USER: Final = f"{USERS}/{{user_id}}"
INVITATION: Final = f"{USER}/invitation"
ME: Final = "/v1/me"

USER_ROUTES: Final = (
    Route(
        method="GET",
        path=ME,
        function="users",
        scope=Scope.SCORES_READ,  # which every role has
        summary="The user whose access token it is",
        responses={200: Me},
        refusals=(s.NotAUser, p.TooBusy),
    ),
    Route(
        method="GET",
        path=USERS,
        function="users",
        scope=Scope.USERS,
        summary="All users, by name",
        responses={200: UserList},
        refusals=(p.TooBusy,),
    ),
    Route(
        method="POST",
        path=USERS,
        function="users",
        scope=Scope.USERS,
        summary="Invite somebody. They get a letter with a password for the first sign-in",
        request=NewUser,
        responses={201: UserView},
        refusals=(*BODY, s.UserExists, s.TooManyUsers, p.TooBusy),
    ),
    Route(
        method="PATCH",
        path=USER,
        function="users",
        scope=Scope.USERS,
        summary="Change a user: name, language, role, whether they may sign in",
        request=UserChange,
        responses={200: UserView},
        refusals=(*BODY, s.NoSuchUser, s.LastAdmin, s.OwnUser, p.TooBusy),
    ),
    Route(
        method="DELETE",
        path=USER,
        function="users",
        scope=Scope.USERS,
        summary="Delete a user, with all that is held of them. Their sessions end within 15 minutes",
        responses={204: None},
        refusals=(s.NoSuchUser, s.LastAdmin, s.OwnUser, p.TooBusy),
    ),
    Route(
        method="POST",
        path=INVITATION,
        function="users",
        scope=Scope.USERS,
        summary="Send the letter again, with another password, good for seven days",
        responses={204: None},
        refusals=(s.NoSuchUser, s.NotInvited, p.TooBusy),
    ),
)
