//! A whole vehicle: its shell and the face it turns to us.

use super::car::Car;
use super::composition::Composition;
use super::pinhole::Stand;
use super::{front, rear};

/// Draws everything but the plate.
pub(super) fn paint(scene: &mut Composition, stand: &Stand, car: &Car) {
    car.paint(scene, stand);
    if car.is_rear { rear::paint(scene, stand, car) } else { front::paint(scene, stand, car) }
}
