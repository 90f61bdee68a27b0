"""Turns references of the National Grid into degrees, for lists that give eastings and northings.

The formulas are those of Ordnance Survey's "A guide to coordinate systems in Great Britain": the
inverse of the grid's projection, then a shift of datum (OSGB36 to WGS 84) that is true to about
five metres. pyproj would do it in 33 MB, for this one command.
"""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

AIRY = (6377563.396, 6356256.909)  # metres, half the axes of the ellipsoid of OSGB36
WGS84 = (6378137.0, 6356752.314245)
SCALE = 0.9996012717  # on the central meridian
ORIGIN_LATITUDE, ORIGIN_LONGITUDE = radians(49), radians(-2)
ORIGIN_EASTING, ORIGIN_NORTHING = 400_000, -100_000
SHIFT = (446.448, -125.157, 542.060)  # metres
TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
LARGER = 1 - 20.4894e-6
EXACT = 1e-5  # metres


def to_degrees(easting: float, northing: float) -> tuple[float, float]:
    """Return latitude and longitude (WGS 84) of a reference in metres."""
    latitude, longitude = _unproject(easting, northing)
    return _to_wgs84(latitude, longitude)


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Return latitude and longitude of OSGB36, in radians."""
    a, b = AIRY
    squared = 1 - (b / a) ** 2
    latitude = ORIGIN_LATITUDE + (northing - ORIGIN_NORTHING) / (a * SCALE)
    while abs(difference := northing - ORIGIN_NORTHING - _meridian(latitude)) > EXACT:
        latitude += difference / (a * SCALE)
    nu = a * SCALE / sqrt(1 - squared * sin(latitude) ** 2)
    rho = nu * (1 - squared) / (1 - squared * sin(latitude) ** 2)
    eta = nu / rho - 1
    t, east = tan(latitude), easting - ORIGIN_EASTING
    north = (
        east**2 / (2 * rho * nu)
        - east**4 / (24 * rho * nu**3) * (5 + 3 * t**2 + eta - 9 * t**2 * eta)
        + east**6 / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    )
    along = (
        east / nu
        - east**3 / (6 * nu**3) * (nu / rho + 2 * t**2)
        + east**5 / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
        - east**7 / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    )
    return latitude - t * north, ORIGIN_LONGITUDE + along / cos(latitude)


def _meridian(latitude: float) -> float:
    """Return the length of the meridian from the origin, in metres of the grid."""
    a, b = AIRY
    n = (a - b) / (a + b)
    apart, total = latitude - ORIGIN_LATITUDE, latitude + ORIGIN_LATITUDE
    return (b * SCALE) * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * apart
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(apart) * cos(total)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * apart) * cos(2 * total)
        - 35 / 24 * n**3 * sin(3 * apart) * cos(3 * total)
    )


def _to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """Return degrees of WGS 84 of radians of OSGB36, at sea level."""
    a, b = AIRY
    squared = 1 - (b / a) ** 2
    nu = a / sqrt(1 - squared * sin(latitude) ** 2)
    old = (
        nu * cos(latitude) * cos(longitude),
        nu * cos(latitude) * sin(longitude),
        nu * (1 - squared) * sin(latitude),
    )
    (tx, ty, tz), (rx, ry, rz) = SHIFT, TURN
    x = tx + LARGER * old[0] - rz * old[1] + ry * old[2]
    y = ty + rz * old[0] + LARGER * old[1] - rx * old[2]
    z = tz - ry * old[0] + rx * old[1] + LARGER * old[2]
    a, b = WGS84
    squared = 1 - (b / a) ** 2
    angle, before = atan2(z, hypot(x, y) * (1 - squared)), 0.0
    while abs(angle - before) > EXACT / a:
        before = angle
        nu = a / sqrt(1 - squared * sin(angle) ** 2)
        angle = atan2(z + squared * nu * sin(angle), hypot(x, y))
    return degrees(angle), degrees(atan2(y, x))
